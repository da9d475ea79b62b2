// Scores of numeric predictions, and errors per row. Not here: intervals (intervals.cc).
#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "metrics/unit.h"
#include "pellucid/error.h"
#include "pellucid/metric.h"

namespace pellucid {

namespace {

void check(const ValuePredictions& p) {
  if (p.truth.empty()) throw Error("U20", "a score needs at least one row");
  if (p.truth.size() == p.predicted.size()) return;
  throw Error("U20", "score: " + plural(static_cast<std::int64_t>(p.truth.size()), "true value") + " and " +
                         plural(static_cast<std::int64_t>(p.predicted.size()), "prediction"));
}

// Σ(t − mean)² in squared units. Exactly 0 if all true values are equal; the rounded sum might not be.
double spread_of(std::span<const double> truth, double unit) {
  const auto rows = static_cast<double>(truth.size());
  double mean = 0, spread = 0;
  for (const double t : truth) mean += t / unit;
  mean /= rows;
  bool varies = false;
  for (const double t : truth) {
    spread += (t / unit - mean) * (t / unit - mean);
    varies = varies || t != truth[0];
  }
  return varies ? spread : 0;
}

// The largest distance of a true value from the first one. It determines the unit in which the spread is measured.
double reach_of(std::span<const double> truth) {
  double reach = 0;
  for (const double t : truth) reach = std::max(reach, std::abs(t - truth[0]));
  return reach;
}

}  // namespace

RegressionScores score(const ValuePredictions& p) {
  check(p);
  const double rows = static_cast<double>(p.truth.size());
  double squares = 0, absolutes = 0, largest = 0;
  for (std::size_t r = 0; r < p.truth.size(); ++r) largest = std::max(largest, std::abs(p.predicted[r] - p.truth[r]));
  const double unit = unit_of(largest);
  for (std::size_t r = 0; r < p.truth.size(); ++r) {
    const double error = (p.predicted[r] - p.truth[r]) / unit;
    squares += error * error;
    absolutes += std::abs(error);
  }
  const double truth_unit = unit_of(reach_of(p.truth)), spread = spread_of(p.truth, truth_unit);
  const double ratio = unit / truth_unit;
  return {static_cast<std::int64_t>(p.truth.size()), std::sqrt(squares / rows) * unit, absolutes / rows * unit,
          spread > 0 ? 1 - squares / spread * ratio * ratio : 0, largest};
}

std::vector<double> row_errors(std::span<const ValuePredictions> targets) {
  std::vector<double> errors;
  for (const ValuePredictions& p : targets) {
    check(p);
    errors.resize(errors.empty() ? p.truth.size() : errors.size());
    if (errors.size() != p.truth.size()) throw Error("U20", "the targets have different numbers of rows");
    const bool alone = targets.size() == 1;
    const double unit = alone ? error_unit(p.truth) : unit_of(reach_of(p.truth));
    const double rows = static_cast<double>(errors.size()), spread = alone ? 0 : spread_of(p.truth, unit);
    const double variance = spread > 0 ? spread / rows : 1;
    const double weight = alone ? 1 : 1 / (variance * static_cast<double>(targets.size()));
    for (std::size_t r = 0; r < errors.size(); ++r) {
      const double error = (p.predicted[r] - p.truth[r]) / unit;
      errors[r] += error * error * weight;
    }
  }
  return errors;
}

}  // namespace pellucid
