// Fused kernels give the same bits as the separate kernels one after the other, with every instruction set.
// Not here: comparison with the scalar twin (kernels_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "kernels/kernels.h"
#include "optimizers/rules.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::same_bits;

template <class T>
class FusedKernel : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(FusedKernel, Scalars);

struct Size {
  std::int64_t m, n, k;
};

template <class T>
void expect_bits(const std::vector<T>& got, const std::vector<T>& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_TRUE(same_bits(got[i], want[i])) << what << ", element " << i;
}

TYPED_TEST(FusedKernel, an_update_fused_with_the_gradient_gives_the_same_bits_as_both_steps) {
  using T = TypeParam;
  for (Size s : {Size{0, 5, 3}, Size{1, 1, 1}, Size{8, 64, 100}, Size{8, 10, 64}, Size{128, 10, 70}, Size{100, 1, 33},
                 Size{5, 32, 12}, Size{33, 70, 49}, Size{16, 33, 200}, Size{256, 40, 60}, Size{257, 40, 130},
                 Size{600, 33, 13}, Size{300, 7, 100}, Size{128, 64, 49}, Size{256, 257, 260}, Size{127, 290, 530},
                 Size{40, 63, 50}, Size{300, 140, 200}}) {
    const std::int64_t gap = s.n % 3, ld = s.n + gap, size = s.k * ld;
    const auto x = random_values<T>(s.m * (s.k + gap), 1), d = random_values<T>(s.m * ld, 2);
    for (const char* rule : {"sgd", "momentum", "rmsprop", "adagrad", "adam", "adamw"}) {
      UpdateStep<T> step;
      for (int i = 0; i < max_constants; ++i) step.constant[i] = T(0.1) + T(0.01) * T(i);
      if (s.m % 2 == 0) step.clip = T(0.3), step.l2 = T(0.01), step.l1 = T(0.02);
      const auto w = random_values<T>(size, 3);
      auto state = random_values<T>(max_slots * size, 4);
      for (T& value : state) value = std::abs(value);
      for (const Kernels<T>* kernels : all_kernels<T>()) {
        const auto run = [&](bool fused) {
          std::vector<T> all = w;
          all.insert(all.end(), state.begin(), state.end());
          T* slots[max_slots];
          for (int i = 0; i < max_slots; ++i) slots[i] = all.data() + (i + 1) * size;
          ProductTransposed<T> p{s.m, s.n, s.k, x.data(), s.k + gap, d.data(), ld, nullptr, ld};
          if (fused) {
            p.update = {update_rule(rule), step, all.data(), {slots[0], slots[1], slots[2]}};
            kernels->product_transposed(p);
            return all;
          }
          std::vector<T> gradient(size);
          p.c = gradient.data();
          kernels->product_transposed(p);
          for (std::int64_t r = 0; r < s.k; ++r) {
            T* row[max_slots] = {slots[0] + r * ld, slots[1] + r * ld, slots[2] + r * ld};
            kernels->update(update_rule(rule), step, s.n, all.data() + r * ld, gradient.data() + r * ld, row);
          }
          return all;
        };
        expect_bits(run(true), run(false),
                    std::string(kernels->target) + " " + rule + " " + std::to_string(s.m) + "x" + std::to_string(s.n) +
                        "x" + std::to_string(s.k));
      }
    }
  }
}

TYPED_TEST(FusedKernel, a_product_with_transposed_weights_gives_the_same_bits) {
  using T = TypeParam;
  for (std::int64_t m : {0, 1, 2, 5, 8, 33, 513}) {
    for (std::int64_t n : {1, 3, 8, 16, 17, 33, 70}) {
      for (std::int64_t k : {0, 1, 4, 10, 33, 300}) {
        const auto x = random_values<T>(m * k, 1), w = random_values<T>(k * (n + 2), 2);
        std::vector<T> turned((n + 2) * k);
        for (std::int64_t i = 0; i < k; ++i) {
          for (std::int64_t c = 0; c < n; ++c) turned[c * k + i] = w[i * (n + 2) + c];
        }
        for (const Kernels<T>* kernels : all_kernels<T>()) {
          std::vector<T> got(m * n), want(m * n);
          Product<T> p{m, n, k, x.data(), k, w.data(), n + 2, nullptr, want.data(), n};
          kernels->product(p);
          p.w = turned.data(), p.ldw = k, p.y = got.data(), p.w_transposed = true;
          kernels->product(p);
          expect_bits(got, want,
                      std::string(kernels->target) + " " + std::to_string(m) + "x" + std::to_string(n) + "x" +
                          std::to_string(k));
        }
      }
    }
  }
}

}  // namespace
}  // namespace pellucid
