// Plain: one number with the operations of a SIMD vector, so that each formula is written once for both.
// Not here: the loops of the scalar twin (kernels/scalar.cc), vectors (kernels/simd-inl.h).
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace pellucid::scalar {

template <class T>
struct Plain {
  using Scalar = T;
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  static constexpr int mantissa_bits = std::numeric_limits<T>::digits - 1;

  T v = 0;

  Plain() = default;
  explicit constexpr Plain(double x) noexcept : v(static_cast<T>(x)) {}

  friend Plain operator+(Plain a, Plain b) noexcept { return of(a.v + b.v); }
  friend Plain operator-(Plain a, Plain b) noexcept { return of(a.v - b.v); }
  friend Plain operator*(Plain a, Plain b) noexcept { return of(a.v * b.v); }
  friend Plain operator/(Plain a, Plain b) noexcept { return of(a.v / b.v); }
  friend Plain operator-(Plain a) noexcept { return of(-a.v); }
  friend bool operator<(Plain a, Plain b) noexcept { return a.v < b.v; }
  friend bool operator>(Plain a, Plain b) noexcept { return a.v > b.v; }
  friend bool operator<=(Plain a, Plain b) noexcept { return a.v <= b.v; }
  friend bool operator>=(Plain a, Plain b) noexcept { return a.v >= b.v; }

  /// a · b + c, rounded once
  friend Plain fma(Plain a, Plain b, Plain c) noexcept { return of(std::fma(a.v, b.v, c.v)); }
  /// Returns the second operand if either is NaN, as x86 does: max(bound, x) passes a NaN in x through.
  friend Plain max(Plain a, Plain b) noexcept { return a.v > b.v ? a : b; }
  friend Plain min(Plain a, Plain b) noexcept { return a.v < b.v ? a : b; }
  friend Plain abs(Plain a) noexcept { return of(std::abs(a.v)); }
  friend Plain sqrt(Plain a) noexcept { return of(std::sqrt(a.v)); }
  friend Plain copysign(Plain magnitude, Plain sign) noexcept { return of(std::copysign(magnitude.v, sign.v)); }
  friend Plain select(bool mask, Plain yes, Plain no) noexcept { return mask ? yes : no; }

  /// 2ⁿ for an integral n within the range of normal exponents
  friend Plain pow2(Plain n) noexcept {
    constexpr T magic = T(3) * (Bits(1) << (mantissa_bits - 1));  // after adding it, the lowest bits hold n
    const Bits shifted = std::bit_cast<Bits>(n.v + magic) << mantissa_bits;
    return of(std::bit_cast<T>(shifted + std::bit_cast<Bits>(T(1))));
  }
  /// The integer e with x = mantissa · 2ᵉ, for a positive normal x
  friend Plain exponent(Plain x) noexcept {
    constexpr T magic = T(Bits(1) << mantissa_bits);
    const Bits biased = std::bit_cast<Bits>(x.v) >> mantissa_bits | std::bit_cast<Bits>(magic);
    return of(std::bit_cast<T>(biased) - (magic + T(std::numeric_limits<T>::max_exponent - 1)));
  }
  /// x / 2ᵉ, which is in [1, 2), for a positive normal x
  friend Plain mantissa(Plain x) noexcept {
    constexpr Bits mask = (Bits(1) << mantissa_bits) - 1;
    return of(std::bit_cast<T>((std::bit_cast<Bits>(x.v) & mask) | std::bit_cast<Bits>(T(1))));
  }

 private:
  static constexpr Plain of(T v) noexcept {
    Plain p;
    p.v = v;
    return p;
  }
};

#include "kernels/math-inl.h"

}  // namespace pellucid::scalar
