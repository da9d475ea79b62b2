// Products whose first factor has many zeros, as after a relu: the kernels skip them without changing the result.
// Not here: zeros in the data (kernels_sparse_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "kernels/kernels.h"
#include "optimizers/rules.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::same_bits;

struct Size {
  std::int64_t m, n, k;
  std::string text() const { return std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k); }
};
// Large enough for the kernels to look for zeros: sizes around block and panel edges, more rows than a list of nonzeros
// holds, long sums.
constexpr Size sizes[] = {{32, 513, 64},  {33, 64, 500},   {64, 130, 127}, {65, 200, 97}, {96, 127, 96},
                          {257, 65, 193}, {256, 70, 1000}, {1100, 64, 65}, {300, 81, 300}};

// About `kept` of ten numbers are not zero; column 1 is all zeros.
std::vector<float> rectified(std::int64_t rows, std::int64_t columns, int kept) {
  auto x = random_values<float>(rows * columns, 5);
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    if (static_cast<int>(std::abs(x[i]) * 1e4F) % 10 >= kept || i % columns == 1) x[i] = i % 2 == 0 ? 0.0F : -0.0F;
  }
  return x;
}

void expect_equal(const std::vector<float>& got, const std::vector<float>& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_TRUE(same_bits(got[i], want[i]) || (got[i] == 0 && want[i] == 0)) << what << ", element " << i;
}

// Compares all targets with fused multiply-add with the scalar twin.
template <class Run>
void compare_with_twin(const std::string& what, const Run& run) {
  const auto all = all_kernels<float>();
  const auto want = run(*all.front());
  for (const Kernels<float>* kernels : all) {
    if (kernels->fma) expect_equal(run(*kernels), want, std::string(kernels->target) + " " + what);
  }
}

TEST(SkippedZeros, a_product_has_the_same_numbers_as_without_skipping) {
  for (const Size s : sizes) {
    const std::int64_t ldw = s.n + 3, ldx = s.k + 1, ldy = s.n + 2;
    const auto x = rectified(s.m, ldx, 4), w = random_values<float>(s.k * ldw, 1), bias = random_values<float>(s.n, 2);
    for (const bool biased : {true, false}) {
      compare_with_twin(s.text(), [&](const Kernels<float>& kernels) {
        std::vector<float> y(s.m * ldy, 7), z = y;
        kernels.product({.m = s.m,
                         .n = s.n,
                         .k = s.k,
                         .x = x.data(),
                         .ldx = ldx,
                         .w = w.data(),
                         .ldw = ldw,
                         .bias = biased ? bias.data() : nullptr,
                         .y = y.data(),
                         .ldy = ldy,
                         .z = biased ? z.data() : nullptr,
                         .epilogue = {biased ? 0 : -1, 0}});
        y.insert(y.end(), z.begin(), z.end());
        return y;
      });
    }
  }
}

TEST(SkippedZeros, a_product_with_transposed_weights_has_the_same_numbers) {
  for (const Size s : sizes) {
    const auto x = rectified(s.m, s.k, 3), w = random_values<float>(s.n * s.k, 1);
    compare_with_twin(s.text(), [&](const Kernels<float>& kernels) {
      std::vector<float> y(s.m * s.n, 7);
      kernels.product({.m = s.m,
                       .n = s.n,
                       .k = s.k,
                       .x = x.data(),
                       .ldx = s.k,
                       .w = w.data(),
                       .ldw = s.k,
                       .bias = nullptr,
                       .y = y.data(),
                       .ldy = s.n,
                       .w_transposed = true});
      return y;
    });
  }
}

TEST(SkippedZeros, a_stored_or_added_gradient_has_the_same_numbers) {
  for (const Size s : sizes) {
    const std::int64_t ldx = s.k + 1, ldd = s.n + 2, ldc = s.n + 1;
    const auto x = rectified(s.m, ldx, 4), d = random_values<float>(s.m * ldd, 3);
    for (const bool add : {true, false}) {
      compare_with_twin(s.text(), [&](const Kernels<float>& kernels) {
        auto c = random_values<float>(s.k * ldc, 4);
        kernels.product_transposed({.m = s.m,
                                    .n = s.n,
                                    .k = s.k,
                                    .x = x.data(),
                                    .ldx = ldx,
                                    .d = d.data(),
                                    .ldd = ldd,
                                    .c = c.data(),
                                    .ldc = ldc,
                                    .add = add});
        return c;
      });
    }
  }
}

TEST(SkippedZeros, an_update_has_the_same_numbers_with_every_rule) {
  for (const Size s : sizes) {
    const auto x = rectified(s.m, s.k, 4), d = random_values<float>(s.m * s.n, 3);
    const std::int64_t size = s.k * s.n;
    for (const char* rule : {"sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"}) {
      if (update_rule(rule) < 0) continue;
      UpdateStep<float> step;
      for (int i = 0; i < max_constants; ++i) step.constant[i] = 0.1F + 0.01F * static_cast<float>(i);
      if (s.m % 2 == 0) step.clip = 0.3F, step.l2 = 0.01F, step.l1 = 0.02F;
      compare_with_twin(s.text() + " " + rule, [&](const Kernels<float>& kernels) {
        auto all = random_values<float>((max_slots + 1) * size, 6);
        for (std::int64_t i = size; i < (max_slots + 1) * size; ++i) all[i] = std::abs(all[i]);
        kernels.product_transposed(
            {.m = s.m,
             .n = s.n,
             .k = s.k,
             .x = x.data(),
             .ldx = s.k,
             .d = d.data(),
             .ldd = s.n,
             .c = nullptr,
             .ldc = s.n,
             .update = {update_rule(rule), step, all.data(), {&all[size], &all[2 * size], all.data() + 3 * size}}});
        return all;
      });
    }
  }
}

// An infinite weight has no effect because its products with zero are skipped; this shows that skipping happens at all.
TEST(SkippedZeros, a_weight_that_is_multiplied_only_by_zeros_is_ignored) {
  const Size s{64, 128, 160};
  auto x = rectified(s.m, s.k, 4), w = random_values<float>(s.k * s.n, 1);
  w[1 * s.n + 5] = std::numeric_limits<float>::infinity();
  for (const Kernels<float>* kernels : all_kernels<float>()) {
    if (std::string(kernels->target) == "scalar") continue;
    std::vector<float> y(s.m * s.n);
    kernels->product({s.m, s.n, s.k, x.data(), s.k, w.data(), s.n, nullptr, y.data(), s.n});
    for (const float value : y) ASSERT_TRUE(std::isfinite(value)) << kernels->target;
  }
}

TEST(SkippedZeros, a_nan_is_never_skipped) {
  const Size s{64, 128, 160};
  auto x = rectified(s.m, s.k, 4), w = random_values<float>(s.k * s.n, 1);
  x[3 * s.k + 7] = std::numeric_limits<float>::quiet_NaN();
  for (const Kernels<float>* kernels : all_kernels<float>()) {
    std::vector<float> y(s.m * s.n);
    kernels->product({s.m, s.n, s.k, x.data(), s.k, w.data(), s.n, nullptr, y.data(), s.n});
    for (std::int64_t c = 0; c < s.n; ++c) ASSERT_TRUE(std::isnan(y[3 * s.n + c])) << kernels->target;
  }
}

}  // namespace
}  // namespace pellucid
