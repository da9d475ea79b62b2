// Numbers as a distribution. Not here: which numbers.
#include <algorithm>
#include <cmath>

#include "pellucid/health.h"

namespace pellucid {
namespace {

template <class T>
Distribution distribution(std::span<const T> values) {
  Distribution d;
  std::int64_t n = 0;
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    d.low = n == 0 ? x : std::min(d.low, x);
    d.high = n == 0 ? x : std::max(d.high, x);
    d.mean += x;
    ++n;
  }
  if (n == 0) return d;
  d.mean /= static_cast<double>(n);
  const double scale = d.high > d.low ? static_cast<double>(d.counts.size()) / (d.high - d.low) : 0;
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    d.deviation += (x - d.mean) * (x - d.mean) / static_cast<double>(n);
    const double at = (x - d.low) * scale, last = static_cast<double>(d.counts.size() - 1);
    ++d.counts[at > 0 ? static_cast<std::size_t>(std::min(at, last)) : 0];  // a range no double can hold gives NaN
  }
  d.deviation = std::sqrt(d.deviation);
  return d;
}

}  // namespace

Distribution distribution_of(std::span<const float> values) {
  return distribution(values);
}

Distribution distribution_of(std::span<const double> values) {
  return distribution(values);
}

}  // namespace pellucid
