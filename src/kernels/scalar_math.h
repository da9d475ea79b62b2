// Functions of doubles whose results reach weights from outside the kernels: for random numbers, schedules and bias
// corrections. Own code, because libm's results differ from machine to machine.
// Not here: the vector forms (kernels/math-inl.h).
#pragma once

#include <cstdint>

namespace pellucid::math {

double exp(double x) noexcept;     ///< 1 ulp
double log(double x) noexcept;     ///< 1 ulp
double cos2pi(double x) noexcept;  ///< cos(2πx) for |x| < 2^50; error at most 2 ulp of 1
double sin2pi(double x) noexcept;  ///< sin(2πx), likewise
/// xⁿ by repeated squaring; n may be negative. The error is about n/2 ulp.
double power(double x, std::int64_t n) noexcept;

}  // namespace pellucid::math
