// Area under the ROC curve, computed from ranks. Not here: the other scores (classification.cc).
#include "metrics/roc_auc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "pellucid/large_vector.h"

namespace pellucid {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

// (sum of the ranks of the class's rows − its smallest possible value) / (rows in the class × rows outside it)
double one_against_rest(const ClassPredictions& p, std::int32_t which) {
  const std::size_t rows = p.truth.size();
  LargeVector<std::pair<double, bool>> order(rows);  // probability of the class, whether the row belongs to it
  for (std::size_t r = 0; r < rows; ++r) {
    order[r] = {p.probabilities[r * p.classes + which], p.truth[r] == which};
    if (std::isnan(order[r].first)) return undefined;  // NaN cannot be ranked
  }
  std::sort(order.begin(), order.end());

  double rank_sum = 0, inside = 0;
  for (std::size_t begin = 0; begin < rows;) {
    std::size_t end = begin;
    while (end < rows && order[end].first == order[begin].first) ++end;
    const double shared = 0.5 * static_cast<double>(begin + 1 + end);  // mean of the ranks begin + 1 … end
    for (; begin < end; ++begin) {
      if (!order[begin].second) continue;
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
