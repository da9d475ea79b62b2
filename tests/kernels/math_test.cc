// Accuracy of exp, log, tanh and others, compared with the C library in long double, in units in the last place (ulp).
// Not here: that vector code gives the same bits as the scalar twin (kernels_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/scalar.h"
#include "kernels/scalar_math.h"

namespace pellucid {
namespace {

using Reference = long double (*)(long double);

long double sigmoid_reference(long double x) {
  return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

/// Difference between a result and the true value, in units in the last place of the true value.
template <class T>
double error_in_ulp(T got, long double truth) {
  const T rounded = static_cast<T>(truth);
  if (std::isinf(rounded)) return got == rounded ? 0 : std::numeric_limits<double>::infinity();
  const T size = std::abs(rounded);
  const T ulp = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
  return static_cast<double>(std::abs((static_cast<long double>(got) - truth) / ulp));
}

/// Numbers from low to high: for every exponent and both signs, `dense` mantissas; and dense · 2000 evenly spaced
/// numbers.
template <class T>
std::vector<T> samples(double low, double high, int dense) {
  std::vector<T> all;
  const int least = std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits;
  for (int e = least; e <= std::numeric_limits<T>::max_exponent - 1; ++e) {
    for (int i = 0; i < dense; ++i) {
      const T x = std::ldexp(T(1) + T(i * 2 + 1) / T(2 * dense + 1), e);
      for (T signed_x : {x, -x}) {
        if (signed_x >= low && signed_x <= high) all.push_back(signed_x);
      }
    }
  }
  const int steps = dense * 2000;
  for (int i = 0; i <= steps; ++i) all.push_back(static_cast<T>(low + (high - low) * i / steps));
  return all;
}

template <class T, class Function>
void expect_within(double ulp, Function function, Reference reference, double low, double high) {
  double worst = 0;
  T where = 0;
  for (T x : samples<T>(low, high, sizeof(T) == 4 ? 300 : 60)) {
    const double error = error_in_ulp(function(scalar::Plain<T>(x)).v, reference(x));
    if (error > worst || std::isnan(error)) worst = error, where = x;
  }
  EXPECT_LE(worst, ulp) << "at " << where;
}

// Checks an error bound stated in math-inl.h.
#define EXPECT_ULP(T, name, reference, ulp, low, high) \
  expect_within<T>(                                    \
      ulp, [](auto x) { return scalar::name(x); }, reference, low, high)

TEST(Math, float_functions_are_within_their_stated_errors) {
  EXPECT_ULP(float, exp, std::exp, 1.1, -104, 89);
  EXPECT_ULP(float, expm1, std::expm1, 1.5, -20, 89);
  EXPECT_ULP(float, log, std::log, 0.9, 1e-45, 3.4e38);
  EXPECT_ULP(float, log, std::log, 0.9, 0.5, 2);
  EXPECT_ULP(float, log1p, std::log1p, 2.1, -0.999999, 3.4e38);
  EXPECT_ULP(float, log1p, std::log1p, 2.1, -0.5, 2);
  EXPECT_ULP(float, tanh, std::tanh, 1.6, -20, 20);
  EXPECT_ULP(float, sigmoid, sigmoid_reference, 2.0, -104, 50);
  EXPECT_ULP(float, erf, std::erf, 1.1, -5, 5);
}

TEST(Math, double_functions_are_within_their_stated_errors) {
  EXPECT_ULP(double, exp, std::exp, 1.1, -746, 710);
  EXPECT_ULP(double, expm1, std::expm1, 1.9, -40, 710);
  EXPECT_ULP(double, expm1, std::expm1, 1.9, -1, 1);
  EXPECT_ULP(double, log, std::log, 0.9, 5e-324, 1.7e308);
  EXPECT_ULP(double, log, std::log, 0.9, 0.5, 2);
  EXPECT_ULP(double, log1p, std::log1p, 2.1, -0.5, 2);
  EXPECT_ULP(double, tanh, std::tanh, 2.8, -2, 2);
  EXPECT_ULP(double, tanh, std::tanh, 2.8, -30, 30);
  EXPECT_ULP(double, sigmoid, sigmoid_reference, 2.0, -746, 50);
  EXPECT_ULP(double, erf, std::erf, 1.5, -7, 7);
}

template <class T>
void expect_same_below_zero(T low) {
  for (int i = 0; i <= 100000; ++i) {
    const scalar::Plain<T> x(static_cast<T>(low * i / 100000));
    ASSERT_EQ(exp_negative(x).v, exp(x).v) << x.v;
  }
}

TEST(Math, exp_negative_equals_exp_for_numbers_up_to_zero) {
  expect_same_below_zero<float>(-110);
  expect_same_below_zero<double>(-760);
}

template <class T>
void expect_ends() {
  using V = scalar::Plain<T>;
  const V infinity(std::numeric_limits<double>::infinity()), nan(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(exp(infinity).v, infinity.v);
  EXPECT_EQ(exp(-infinity).v, 0);
  EXPECT_EQ(exp(V(0)).v, 1);
  EXPECT_EQ(expm1(-infinity).v, -1);
  EXPECT_EQ(expm1(V(0)).v, 0);
  EXPECT_EQ(log(V(0)).v, -infinity.v);
  EXPECT_EQ(log(infinity).v, infinity.v);
  EXPECT_TRUE(std::isnan(log(V(-1)).v));
  EXPECT_EQ(log1p(V(-1)).v, -infinity.v);
  EXPECT_EQ(log1p(infinity).v, infinity.v);
  EXPECT_EQ(tanh(infinity).v, 1);
  EXPECT_EQ(tanh(-infinity).v, -1);
  EXPECT_EQ(sigmoid(-infinity).v, 0);
  EXPECT_EQ(sigmoid(infinity).v, 1);
  EXPECT_EQ(erf(-infinity).v, -1);
  for (V y : {exp(nan), expm1(nan), log(nan), log1p(nan), tanh(nan), sigmoid(nan), erf(nan)})
    EXPECT_TRUE(std::isnan(y.v));
}

TEST(Math, infinities_zero_and_nan_give_the_right_limits) {
  expect_ends<float>();
  expect_ends<double>();
}

// Largest difference from the C library, in units in the last place of numbers just below 1.
template <class T>
double worst_wave(double limit) {
  double worst = 0;
  for (int i = -200000; i <= 200000; ++i) {
    const T x = static_cast<T>(limit * i / 200000);
    const long double wide = x;
    worst = std::max(worst, static_cast<double>(std::abs(cos(scalar::Plain<T>(x)).v - std::cos(wide))));
    worst = std::max(worst, static_cast<double>(std::abs(sin(scalar::Plain<T>(x)).v - std::sin(wide))));
  }
  return worst / (std::numeric_limits<T>::epsilon() / 2);
}

TEST(Math, sin_and_cos_are_within_their_stated_errors) {
  for (const double limit : {1.0, 4.0, 100.0, 32768.0}) EXPECT_LE(worst_wave<float>(limit), 2) << limit;
  for (const double limit : {1.0, 4.0, 1000.0, 1e9}) EXPECT_LE(worst_wave<double>(limit), 2) << limit;
  EXPECT_ULP(float, sin, std::sin, 1.0, -1, 1);
  EXPECT_ULP(double, sin, std::sin, 1.0, -1, 1);
}

TEST(Math, sin_and_cos_of_huge_angles_are_between_minus_one_and_one) {
  for (const float x : {1e6f, -1e20f, 3e38f, std::numeric_limits<float>::infinity()}) {
    EXPECT_LE(std::abs(cos(scalar::Plain<float>(x)).v), 1) << x;
    EXPECT_LE(std::abs(sin(scalar::Plain<float>(x)).v), 1) << x;
  }
  EXPECT_TRUE(std::isnan(cos(scalar::Plain<float>(std::numeric_limits<double>::quiet_NaN())).v));
}

TEST(Math, sin2pi_and_cos2pi_are_exact_at_quarter_turns_and_accurate_elsewhere) {
  EXPECT_EQ(math::cos2pi(0), 1);
  EXPECT_EQ(math::cos2pi(0.25), 0);
  EXPECT_EQ(math::cos2pi(0.5), -1);
  EXPECT_EQ(math::sin2pi(0.75), -1);
  EXPECT_EQ(math::sin2pi(-0.25), -1);
  const long double turn = 6.283185307179586476925286766559L;
  for (int i = -3000; i <= 3000; ++i) {
    const double x = i / 1234.0;
    EXPECT_NEAR(math::cos2pi(x), static_cast<double>(std::cos(turn * x)), 3e-16) << x;
    EXPECT_NEAR(math::sin2pi(x), static_cast<double>(std::sin(turn * x)), 3e-16) << x;
  }
}

TEST(Math, powers_are_accurate) {
  EXPECT_EQ(math::power(2, 10), 1024);
  EXPECT_EQ(math::power(2, -2), 0.25);
  EXPECT_EQ(math::power(0, 0), 1);
  EXPECT_EQ(math::power(-3, 3), -27);
  EXPECT_NEAR(math::power(0.999, 1000), 0.36769542477096373, 1e-13);
  EXPECT_EQ(math::power(0.9, 100000), 0);
}

TEST(Math, scalar_functions_have_the_same_bits_as_the_kernels) {
  for (double x : {0.1, 1.0, 2.5, 700.0}) {
    EXPECT_EQ(math::exp(x), scalar::exp(scalar::Plain<double>(x)).v);
    EXPECT_EQ(math::log(x), scalar::log(scalar::Plain<double>(x)).v);
  }
}

}  // namespace
}  // namespace pellucid
