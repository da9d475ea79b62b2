// Conversion of doubles to whole numbers that is defined for every double. Not here: parsing numbers (core/text.h).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace pellucid {

/// The nearest value of the whole-number type; fractions are cut off, NaN becomes 0.
template <class Whole>
constexpr Whole to_whole(double x) noexcept {
  constexpr double low = static_cast<double>(std::numeric_limits<Whole>::min());
  // May be rounded up, so values equal to it are out of range.
  constexpr double high = static_cast<double>(std::numeric_limits<Whole>::max());
  if (!(x > low)) return x <= low ? std::numeric_limits<Whole>::min() : Whole{0};
  return x >= high ? std::numeric_limits<Whole>::max() : static_cast<Whole>(x);
}

/// Prepares x for formatting with `decimals` decimals. If x lies exactly between two printable numbers, the result is
/// its neighbour away from zero. Ties are then rounded away from zero, as JavaScript's toFixed on the page does.
inline double ties_away(double x, int decimals) noexcept {
  const bool tie = std::abs(std::fmod(std::ldexp(x, decimals + 1), 2)) == 1;
  return tie ? std::nextafter(x, x * 2) : x;
}

/// Histogram bins: assigns values between low and high to `count` bins of equal width, for any low and high.
class Bins {
 public:
  Bins(double low, double high, std::size_t count) noexcept
      : unit_(high / 2 - low / 2 > 1e300 ? 0.25
              : high - low < 1e-290      ? std::ldexp(1.0, 300)
                                         : 1),
        low_(low * unit_),
        scale_(high > low ? static_cast<double>(count) / (high * unit_ - low * unit_) : 0),
        last_(count - 1) {}
  std::size_t operator()(double x) const noexcept {
    return std::min(last_, to_whole<std::size_t>((x * unit_ - low_) * scale_));
  }

 private:
  double unit_, low_, scale_;
  std::size_t last_;
};

}  // namespace pellucid
