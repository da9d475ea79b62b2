// Where to say yes: the threshold on the second class's probability that serves both classes.
// Not here: saying it (classification.cc), when it is chosen (the program).
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "pellucid/error.h"
#include "pellucid/large_vector.h"
#include "pellucid/metric.h"

namespace pellucid {
namespace {

// Mean F1 of both classes, from the rows said to be of class 1 and those among them that are.
double macro_f1(std::int64_t said, std::int64_t hits, std::int64_t ones, std::int64_t rows) {
  const auto f1 = [](std::int64_t right, std::int64_t claimed, std::int64_t there) {
    return 2 * static_cast<double>(right) / static_cast<double>(std::max<std::int64_t>(1, claimed + there));
  };
  return (f1(hits, said, ones) + f1((rows - said) - (ones - hits), rows - said, rows - ones)) / 2;
}

}  // namespace

double best_threshold(const ClassPredictions& p) {
  if (p.classes != 2) throw Error("U20", "a threshold divides two classes, got " + std::to_string(p.classes));
  ClassPredictions usual = p;
  usual.threshold = 0.5;
  double best = 0.5, highest = score(usual).macro.f1;
  const std::size_t rows = p.truth.size();
  const auto chance = [&](std::size_t row) { return p.probabilities[2 * row + 1]; };
  LargeVector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return chance(a) > chance(b); });
  const auto ones = std::count(p.truth.begin(), p.truth.end(), 1);
  std::int64_t hits = 0;
  for (std::size_t i = 0; i + 1 < rows; ++i) {  // the threshold lies between row i and the next
    hits += p.truth[order[i]];
    const double middle = chance(order[i + 1]) + (chance(order[i]) - chance(order[i + 1])) / 2;
    if (!(middle < chance(order[i]) && middle > 0)) continue;
    const double f1 = macro_f1(static_cast<std::int64_t>(i) + 1, hits, ones, static_cast<std::int64_t>(rows));
    const bool nearer = std::abs(middle - 0.5) < std::abs(best - 0.5);
    if (f1 > highest || (f1 == highest && nearer)) {
      highest = f1;
      best = middle;
    }
  }
  return best;
}

}  // namespace pellucid
