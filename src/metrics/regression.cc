// Scores of predicted numbers. Not here: intervals (intervals.cc).
#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/metric.h"

namespace pellucid {

RegressionScores score(const ValuePredictions& p) {
  if (p.truth.empty()) throw Error("U20", "a score needs at least one row");
  if (p.truth.size() != p.predicted.size()) {
    throw Error("U20", "score: " + plural(static_cast<std::int64_t>(p.truth.size()), "true value") + " and " +
                           plural(static_cast<std::int64_t>(p.predicted.size()), "prediction"));
  }
  const double rows = static_cast<double>(p.truth.size());
  double mean = 0, squares = 0, absolutes = 0, largest = 0, spread = 0;
  for (double t : p.truth) mean += t;
  mean /= rows;
  bool varies = false;  // asked exactly: the spread of equal values need not round to 0
  for (std::size_t r = 0; r < p.truth.size(); ++r) {
    const double error = p.predicted[r] - p.truth[r];
    squares += error * error;
    absolutes += std::abs(error);
    largest = std::max(largest, std::abs(error));
    spread += (p.truth[r] - mean) * (p.truth[r] - mean);
    varies = varies || p.truth[r] != p.truth[0];
  }
  return {static_cast<std::int64_t>(p.truth.size()), std::sqrt(squares / rows), absolutes / rows,
          varies ? 1 - squares / spread : 0, largest};
}

}  // namespace pellucid
