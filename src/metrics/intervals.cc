// Confidence intervals of scores: Wilson's interval, the bootstrap. Not here: the scores.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/text.h"
#include "metrics/unit.h"
#include "pellucid/error.h"
#include "pellucid/large_vector.h"
#include "pellucid/metric.h"
#include "pellucid/random.h"

namespace pellucid {
namespace {

// The quantile of sorted values, linearly interpolated between neighbours.
double percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// The central 95 % of the scores of 1,000 resamples. Calls add(row) for each row of a resample; end() returns the
// resample's score.
template <class Add, class End>
Interval bootstrap(std::size_t rows, std::uint64_t seed, const Add& add, const End& end) {
  std::vector<double> resampled(1000);
  for (std::size_t i = 0; i < resampled.size(); ++i) {
    Random random({.seed = seed, .purpose = Purpose::bootstrap, .step = static_cast<std::uint32_t>(i)});
    for (std::size_t r = 0; r < rows; ++r) add(random.below(rows));
    resampled[i] = end();
  }
  std::sort(resampled.begin(), resampled.end(),
            // NaN, which comes from overflow, sorts last.
            [](double a, double b) { return a < b || (std::isnan(b) && !std::isnan(a)); });
  return {percentile(resampled, 0.025), percentile(resampled, 0.975)};
}

void require_rows(std::span<const double> truth, std::span<const double> predicted) {
  if (!truth.empty() && truth.size() == predicted.size()) return;
  throw Error("U20", "bootstrap: " + plural(static_cast<std::int64_t>(truth.size()), "true value") + " and " +
                         plural(static_cast<std::int64_t>(predicted.size()), "prediction"));
}

// Sums over a resample from which R² follows. The mean is subtracted from the true values to avoid cancellation, and
// all numbers are in a common unit to avoid overflow.
struct TargetSums {
  std::vector<double> centred, squares;  // per row: truth − mean, (predicted − truth)²
  double sum = 0, sum_of_squares = 0, error = 0;

  explicit TargetSums(const ValuePredictions& p) {
    const double unit = error_unit(p.truth);
    double mean = 0;
    for (const double t : p.truth) mean += t / unit / static_cast<double>(p.truth.size());
    for (std::size_t r = 0; r < p.truth.size(); ++r) {
      centred.push_back(p.truth[r] / unit - mean);
      const double error = (p.predicted[r] - p.truth[r]) / unit;
      squares.push_back(error * error);
    }
  }
  void add(std::size_t row) {
    sum += centred[row];
    sum_of_squares += centred[row] * centred[row];
    error += squares[row];
  }
  // R² of the resample; 0 if all true values are equal, as in RegressionScores. Resets the sums.
  double take_r2() {
    const double spread = sum_of_squares - sum * sum / static_cast<double>(centred.size());
    const double r2 = spread > 1e-12 * sum_of_squares ? 1 - error / spread : 0;
    sum = sum_of_squares = error = 0;
    return r2;
  }
};

}  // namespace

Interval wilson_interval(std::int64_t successes, std::int64_t n) noexcept {
  if (n <= 0) return {0, 1};
  constexpr double z = 1.959963984540054;  // 95 % of a normal distribution lies within ±z
  const double rows = static_cast<double>(n);
  const double p = static_cast<double>(successes) / rows;
  const double middle = p + z * z / (2 * rows);
  const double half = z * std::sqrt(p * (1 - p) / rows + z * z / (4 * rows * rows));
  const double scale = 1 + z * z / rows;
  return {std::max(0.0, (middle - half) / scale), std::min(1.0, (middle + half) / scale)};
}

Interval bootstrap_rmse(std::span<const double> truth, std::span<const double> predicted, std::uint64_t seed) {
  require_rows(truth, predicted);
  LargeVector<double> squares(truth.size());
  double largest = 0, sum = 0;
  for (std::size_t r = 0; r < truth.size(); ++r) largest = std::max(largest, std::abs(predicted[r] - truth[r]));
  const double unit = unit_of(largest);
  for (std::size_t r = 0; r < truth.size(); ++r) {
    const double error = (predicted[r] - truth[r]) / unit;
    squares[r] = error * error;
  }
  return bootstrap(
      squares.size(), seed, [&](std::size_t r) { sum += squares[r]; },
      [&] { return std::sqrt(std::exchange(sum, 0) / static_cast<double>(squares.size())) * unit; });
}

Interval bootstrap_mean(std::span<const double> values, std::uint64_t seed) {
  require_rows(values, values);
  double sum = 0;
  return bootstrap(
      values.size(), seed, [&](std::size_t r) { sum += values[r]; },
      [&] { return std::exchange(sum, 0) / static_cast<double>(values.size()); });
}

Interval bootstrap_r2(std::span<const ValuePredictions> targets, std::uint64_t seed) {
  if (targets.empty()) throw Error("U20", "bootstrap: there are no targets");
  std::vector<TargetSums> sums;
  for (const ValuePredictions& p : targets) {
    require_rows(p.truth, p.predicted);
    require_rows(p.truth, targets.front().truth);
    sums.emplace_back(p);
  }
  return bootstrap(
      sums.front().centred.size(), seed,
      [&](std::size_t r) {
        for (TargetSums& target : sums) target.add(r);
      },
      [&] {
        double r2 = 0;
        for (TargetSums& target : sums) r2 += target.take_r2();
        return r2 / static_cast<double>(sums.size());
      });
}

}  // namespace pellucid
