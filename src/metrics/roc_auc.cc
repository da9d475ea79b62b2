// Area under the ROC curve, computed from ranks. Not here: the other scores (classification.cc).
#include "metrics/roc_auc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "pellucid/large_vector.h"

namespace pellucid {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

// (sum of the ranks of the class's rows − its smallest possible value) / (rows in the class × rows outside it)
double one_against_rest(const ClassPredictions& p, std::int32_t which) {
  const std::size_t rows = p.truth.size();
  LargeVector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto chance = [&](std::size_t r) { return p.probabilities[r * p.classes + which]; };
  for (std::size_t r : order) {
    if (std::isnan(chance(r))) return undefined;  // NaN cannot be ranked
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return chance(a) < chance(b); });

  double rank_sum = 0, inside = 0;
  for (std::size_t begin = 0; begin < rows;) {
    std::size_t end = begin;
    while (end < rows && chance(order[end]) == chance(order[begin])) ++end;
    const double shared = 0.5 * static_cast<double>(begin + 1 + end);  // mean of the ranks begin + 1 … end
    for (; begin < end; ++begin) {
      if (p.truth[order[begin]] != which) continue;
      rank_sum += shared;
      inside += 1;
    }
  }
  const double outside = static_cast<double>(rows) - inside;
  if (inside == 0 || outside == 0) return undefined;
  return (rank_sum - inside * (inside + 1) / 2) / (inside * outside);
}

}  // namespace

double roc_auc(const ClassPredictions& predictions) {
  if (predictions.classes == 2) return one_against_rest(predictions, 1);
  double sum = 0;
  for (std::int32_t c = 0; c < predictions.classes; ++c) sum += one_against_rest(predictions, c);
  return sum / predictions.classes;
}

}  // namespace pellucid
