// Scalar functions of doubles with the formulas of the kernels, and sine and cosine of whole turns.
// Not here: loops over many numbers (kernels/kernels.h).
#include "kernels/scalar_math.h"

#include <cmath>

#include "kernels/scalar.h"

namespace pellucid::math {
namespace {

using Number = scalar::Plain<double>;

/// An angle as a number of quarter turns plus a rest of at most an eighth of a turn, in radians.
struct Turn {
  std::int64_t quarters;
  double rest;
};

Turn turn(double x) noexcept {
  const double quarters = std::floor(4 * x + 0.5);
  return {static_cast<std::int64_t>(quarters), (x - 0.25 * quarters) * 6.283185307179586};
}

// For |a| ≤ π/4; FDLIBM, k_sin.c and k_cos.c.
double sine(double a) noexcept {
  const Number z(a * a);
  const Number p =
      scalar::horner(z, 1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06,
                     -1.98412698298579493134e-04, 8.33333333332248946124e-03, -1.66666666666666324348e-01);
  return fma(p * z, Number(a), Number(a)).v;
}

double cosine(double a) noexcept {
  const Number z(a * a);
  const Number p =
      scalar::horner(z, -1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07,
                     2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02, -0.5);
  return fma(p, z, Number(1)).v;
}

double cosine_after(std::int64_t quarters, double rest) noexcept {
  const double magnitude = quarters % 2 == 0 ? cosine(rest) : sine(rest);
  const std::int64_t quadrant = quarters & 3;
  return quadrant == 1 || quadrant == 2 ? -magnitude : magnitude;
}

}  // namespace

double exp(double x) noexcept {
  return scalar::exp(Number(x)).v;
}
double log(double x) noexcept {
  return scalar::log(Number(x)).v;
}

double cos2pi(double x) noexcept {
  const auto [quarters, rest] = turn(x);
  return cosine_after(quarters, rest);
}

double sin2pi(double x) noexcept {
  const auto [quarters, rest] = turn(x);
  return cosine_after(quarters - 1, rest);
}

double power(double x, std::int64_t n) noexcept {
  double result = 1;
  for (std::uint64_t e = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n); e != 0; e >>= 1) {
    if (e & 1) result *= x;
    x *= x;
  }
  return n < 0 ? 1 / result : result;
}

}  // namespace pellucid::math
