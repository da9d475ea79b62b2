// How far a score may be off by chance: Wilson's interval, the bootstrap. Not here: the scores.
#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/large_vector.h"
#include "pellucid/metric.h"
#include "pellucid/random.h"

namespace pellucid {
namespace {

// The value below which `share` of the sorted values lie, interpolated between its two neighbours.
double percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Interval wilson_interval(std::int64_t successes, std::int64_t n) noexcept {
  if (n <= 0) return {0, 1};
  constexpr double z = 1.959963984540054;  // of the normal distribution, 95 % lie within ±z
  const double rows = static_cast<double>(n);
  const double p = static_cast<double>(successes) / rows;
  const double middle = p + z * z / (2 * rows);
  const double half = z * std::sqrt(p * (1 - p) / rows + z * z / (4 * rows * rows));
  const double scale = 1 + z * z / rows;
  return {std::max(0.0, (middle - half) / scale), std::min(1.0, (middle + half) / scale)};
}

Interval bootstrap_rmse(std::span<const double> truth, std::span<const double> predicted, std::uint64_t seed) {
  if (truth.empty() || truth.size() != predicted.size()) {
    throw Error("U20", "bootstrap: " + plural(static_cast<std::int64_t>(truth.size()), "true value") + " and " +
                           plural(static_cast<std::int64_t>(predicted.size()), "prediction"));
  }
  LargeVector<double> squares(truth.size());
  for (std::size_t r = 0; r < truth.size(); ++r) squares[r] = (predicted[r] - truth[r]) * (predicted[r] - truth[r]);
  std::vector<double> resampled(1000);
  for (std::size_t i = 0; i < resampled.size(); ++i) {
    Random random({.seed = seed, .purpose = Purpose::bootstrap, .step = static_cast<std::uint32_t>(i)});
    double sum = 0;
    for (std::size_t r = 0; r < squares.size(); ++r) sum += squares[random.below(squares.size())];
    resampled[i] = std::sqrt(sum / static_cast<double>(squares.size()));
  }
  std::sort(resampled.begin(), resampled.end());
  return {percentile(resampled, 0.025), percentile(resampled, 0.975)};
}

}  // namespace pellucid
