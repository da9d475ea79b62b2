// The few double functions that end in a weight outside the kernels (random numbers, schedules, bias corrections).
// Not here: the vector forms (math-inl.h). Own code, because libm answers differently from machine to machine.
#pragma once

#include <cstdint>

namespace pellucid::math {

double exp(double x) noexcept;     ///< 1 ulp
double log(double x) noexcept;     ///< 1 ulp
double cos2pi(double x) noexcept;  ///< cos(2πx), 2 ulp of 1; any |x| < 2^50
double sin2pi(double x) noexcept;  ///< sin(2πx), the same
/// xⁿ by repeated squaring; n may be negative. The error grows with n, about n/2 ulp.
double power(double x, std::int64_t n) noexcept;

}  // namespace pellucid::math
