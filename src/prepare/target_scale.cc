// Converts numeric targets to the model's scale and back. Without libm, because weights depend on it.
// Not here: which column is the target (target.cc), classes.
#include "prepare/target_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "kernels/scalar_math.h"
#include "pellucid/error.h"
#include "prepare/statistics.h"

namespace pellucid {

namespace {

constexpr double skewed = 1, symmetric = 0.5;  // skewness of an exponential distribution: 2, of a normal one: 0
constexpr std::size_t enough_values = 100;

double skewness(std::span<const double> values) {
  const Statistics found = statistics(values);
  double sum = 0;
  for (const double x : values) {
    const double z = (x - found.mean) / found.deviation;
    sum += z * z * z;
  }
  return sum / static_cast<double>(values.size());
}

// What to add before taking logarithms: 0 if all values are positive, else 1.
double shift_of(std::span<const double> values) {
  return *std::min_element(values.begin(), values.end()) > 0 ? 0 : 1;
}

LargeVector<double> logarithms(std::span<const double> values, double shift) {
  LargeVector<double> result;
  result.reserve(values.size());
  for (const double x : values) result.push_back(math::log(x + shift));
  return result;
}

}  // namespace

double FittedTarget::for_net(double value) const {
  return ((shift ? math::log(value + *shift) : value) - mean) / deviation;
}

double FittedTarget::of_net(double output) const {
  const double value = output * deviation + mean;
  return shift ? math::exp(std::min(value, highest_logarithm)) - *shift : value;
}

double FittedTarget::prediction(double output) const {
  return clamped ? std::clamp(of_net(output), low, high) : of_net(output);
}

void fit_target_scale(FittedTarget& result, const Table& table, std::span<const double> values, TargetScaling scale) {
  Statistics found = statistics(values);
  if (!(found.deviation > 0)) {
    throw Error("D17", table.source + ": the target " + quote(result.name) + " is " + number_text(found.low) +
                           " in every training row, so there is nothing to learn");
  }
  result.low = found.low;
  result.high = found.high;
  if (scale == TargetScaling::log) {
    if (found.low < 0) {
      throw Error("U12", fmt::format("`target_scale = log` needs targets ≥ 0; the smallest {} is {}",
                                     quote(result.name), number_text(found.low)));
    }
    result.shift = shift_of(values);
    found = statistics(logarithms(values, *result.shift));
  }
  result.mean = found.mean;
  result.deviation = found.deviation;
}

std::optional<Finding> note_on_skew(const std::string& target, std::span<const double> values) {
  if (values.size() < enough_values || *std::min_element(values.begin(), values.end()) < 0) return std::nullopt;
  const double own = skewness(values);
  if (!(own > skewed)) return std::nullopt;
  const double of_logarithms = skewness(logarithms(values, shift_of(values)));
  if (!(std::abs(of_logarithms) < symmetric)) return std::nullopt;
  return Finding::note("D32",
                       fmt::format("{} has many small and few large values (skewness {:.1f}, of its logarithm {:.1f}): "
                                   "with `target_scale = log` errors count as factors",
                                   target, own, of_logarithms),
                       {target});
}

}  // namespace pellucid
