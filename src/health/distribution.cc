// Summarises numbers as a Distribution. Not here: which numbers of a layer are taken (health_watch.cc).
#include <algorithm>
#include <cmath>

#include "core/convert.h"
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
  const Bins bin(d.low, d.high, d.counts.size());
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    d.deviation += (x - d.mean) * (x - d.mean) / static_cast<double>(n);
    ++d.counts[bin(x)];
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
