// Units in which the squares of very large and very small numbers stay within the range of a double.
// Not here: the scores that are computed in them (regression.cc, intervals.cc).
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace pellucid {

/// 1 for a largest size from 1e-100 to 1e100 (and 0), else the power of two below it, by which dividing is exact.
inline double unit_of(double largest) noexcept {
  if (largest == 0 || !std::isfinite(largest) || (largest >= 1e-100 && largest <= 1e100)) return 1;
  return std::ldexp(1.0, std::ilogb(largest));
}

/// The unit in which row_errors() squares the errors of one target with these truths.
inline double error_unit(std::span<const double> truth) noexcept {
  double largest = 0;
  for (const double t : truth) largest = std::max(largest, std::abs(t));
  return unit_of(largest);
}

}  // namespace pellucid
