// Checked ways from doubles to whole numbers, whatever the double is. Not here: text to numbers (core/text.h).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace pellucid {

/// The nearest value that the whole type has; 0 for NaN. A fraction is cut off.
template <class Whole>
constexpr Whole to_whole(double x) noexcept {
  constexpr double low = static_cast<double>(std::numeric_limits<Whole>::min());
  constexpr double high = static_cast<double>(std::numeric_limits<Whole>::max());  // may be rounded up: not below
  if (!(x > low)) return x <= low ? std::numeric_limits<Whole>::min() : Whole{0};
  return x >= high ? std::numeric_limits<Whole>::max() : static_cast<Whole>(x);
}

/// The number to be formatted with so many decimals: x itself, or its neighbour away from zero where x lies exactly
/// between two of them. Ties are then rounded away from zero, as the page's toFixed does, not to the even digit.
inline double ties_away(double x, int decimals) noexcept {
  const bool tie = std::abs(std::fmod(std::ldexp(x, decimals + 1), 2)) == 1;
  return tie ? std::nextafter(x, x * 2) : x;
}

/// Which of `count` bins of equal width over low … high a value between them belongs to, whatever the two are.
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
