// Normalization kernels: every instruction set of this CPU against the scalar twin, the same bits where there is FMA.
// Not here: whether the formulas are right (tests/layers/normalization_test.cc).
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "kernels/kernels.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::same_bits;

template <class T>
class NormKernel : public testing::Test {
 protected:
  /// Calls body(kernels, result) for every target, and compares each result with the scalar twin's, the first.
  template <class Body>
  static void expect_same(const std::string& what, Body body) {
    std::vector<T> want;
    for (const Kernels<T>* k : all_kernels<T>()) {
      const std::vector<T> got = body(*k);
      if (want.empty()) want = got;
      ASSERT_EQ(got.size(), want.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        const double allowed = k->fma ? 0 : 200 * std::numeric_limits<T>::epsilon() * (1 + std::abs(double(want[i])));
        if (!same_bits(got[i], want[i])) {
          ASSERT_LE(std::abs(double(got[i]) - double(want[i])), allowed) << k->target << ", " << what << ", " << i;
        }
      }
    }
  }
};

using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(NormKernel, Scalars);

struct Size {
  std::int64_t m, n;
};

std::vector<Size> sizes() {
  std::vector<Size> all;
  for (std::int64_t n = 1; n <= 33; ++n) all.push_back({1 + n % 5, n});
  for (const Size s : {Size{1, 64}, {65, 63}, {100, 3}, {7, 130}, {3, 300}}) all.push_back(s);
  return all;
}

TYPED_TEST(NormKernel, columns_have_the_same_moments_values_and_gradients) {
  using T = TypeParam;
  for (const Size s : sizes()) {
    const std::int64_t ld = s.n + s.n % 3;
    const auto x = random_values<T>(s.m * ld, 1), d = random_values<T>(s.m * ld, 2);
    const auto factor = random_values<T>(s.n, 3), shift = random_values<T>(s.n, 4), slope = random_values<T>(s.n, 5);
    this->expect_same(std::to_string(s.m) + "x" + std::to_string(s.n), [&](const Kernels<T>& k) {
      std::vector<T> all(static_cast<std::size_t>(4 * s.n + 2 * s.m * ld), T(7));
      T *mean = all.data(), *sums = mean + 2 * s.n, *y = sums + 2 * s.n, *dx = y + s.m * ld;
      k.column_moments(s.m, s.n, x.data(), ld, mean, mean + s.n);
      k.column_products(s.m, s.n, d.data(), ld, x.data(), ld, mean, sums, sums + s.n);
      k.column_norm({s.m, s.n, x.data(), ld, mean, factor.data(), shift.data(), y, ld});
      k.column_norm_gradient(
          {s.m, s.n, d.data(), ld, x.data(), ld, mean, factor.data(), slope.data(), shift.data(), dx, ld});
      return all;
    });
  }
}

TYPED_TEST(NormKernel, rows_have_the_same_values_and_gradients) {
  using T = TypeParam;
  std::vector<Size> all_sizes = sizes();
  all_sizes.push_back({2, 5000});
  for (const Size s : all_sizes) {
    const std::int64_t ld = s.n + s.n % 3;
    const auto x = random_values<T>(s.m * ld, 1), d = random_values<T>(s.m * ld, 2);
    const auto gamma = random_values<T>(s.n, 3), beta = random_values<T>(s.n, 4);
    this->expect_same(std::to_string(s.m) + "x" + std::to_string(s.n), [&](const Kernels<T>& k) {
      std::vector<T> all(static_cast<std::size_t>(2 * s.m + 4 * s.m * ld), T(7));
      T *mean = all.data(), *factor = mean + s.m, *y = factor + s.m, *dx = y + s.m * ld, *dy = dx + s.m * ld;
      k.row_norm({s.m, s.n, x.data(), ld, gamma.data(), beta.data(), T(0.01), y, ld, mean, factor});
      for (T* to : {dy, dy + s.m * ld}) {
        std::copy(d.begin(), d.end(), to);
        k.row_norm_gradient({s.m, s.n, x.data(), ld, gamma.data(), mean, factor, to, ld, to == dy ? dx : nullptr, ld});
      }
      return all;
    });
  }
}

}  // namespace
}  // namespace pellucid
