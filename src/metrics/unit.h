// Units of measurement that keep the squares of very large and very small numbers within the range of a double.
// Not here: the scores computed in these units (regression.cc, intervals.cc).
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace pellucid {

/// For numbers of up to `largest` in size: 1 if it is 0 or from 1e-100 to 1e100, else the largest power of two up to
/// it. Dividing by a power of two is exact.
inline double unit_of(double largest) noexcept {
  if (largest == 0 || !std::isfinite(largest) || (largest >= 1e-100 && largest <= 1e100)) return 1;
  return std::ldexp(1.0, std::ilogb(largest));
}

/// The unit in which row_errors() computes the squared errors of a target with these true values.
inline double error_unit(std::span<const double> truth) noexcept {
  double largest = 0;
  for (const double t : truth) largest = std::max(largest, std::abs(t));
  return unit_of(largest);
}

}  // namespace pellucid
