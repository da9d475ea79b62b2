// Every kernel, with every instruction set of this CPU, against the scalar twin: the same bits where there is FMA.
// Not here: whether the formulas are right (activations_test.cc, loss_rows_test.cc, update_test.cc), the accuracy of
// exp and log (math_test.cc).
#include "kernels/kernels.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "kernels/tree.h"
#include "optimizers/rules.h"
#include "pellucid/activation.h"
#include "pellucid/loss.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::same_bits;

template <class T>
class Kernel : public testing::Test {
 protected:
  /// MMX registers overlap with those of long double: a kernel that leaves them in use breaks later sums of the caller.
  void TearDown() override {
    volatile long double one = 1;
    EXPECT_EQ(one + one, 2.0L);
  }

  static const Kernels<T>& twin() { return *all_kernels<T>().front(); }

  /// Calls body(kernels) for every target except the scalar twin.
  template <class Body>
  static void each_target(Body body) {
    for (const Kernels<T>* k : all_kernels<T>()) {
      if (k == &twin()) continue;
      SCOPED_TRACE(k->target);
      body(*k);
    }
  }

  /// Expects the same bits if the target has FMA, else a difference of at most `steps` rounding errors of numbers
  /// around 1.
  static void expect_same(const Kernels<T>& k, const std::vector<T>& got, const std::vector<T>& want, double steps,
                          const std::string& what) {
    ASSERT_EQ(got.size(), want.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (same_bits(got[i], want[i])) continue;
      const double allowed = k.fma ? 0 : steps * std::numeric_limits<T>::epsilon() * (1 + std::abs(double(want[i])));
      ASSERT_LE(std::abs(double(got[i]) - double(want[i])), allowed) << what << ", element " << i;
    }
  }
};

using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(Kernel, Scalars);

struct Size {
  std::int64_t m, n, k;
  std::string text() const { return std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k); }
};

std::vector<Size> product_sizes() {
  std::vector<Size> sizes;
  for (std::int64_t m : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 25, 33}) {
    for (std::int64_t n : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 130}) {
      for (std::int64_t k : {0, 1, 3, 40}) sizes.push_back({m, n, k});
    }
  }
  for (std::int64_t k : {255, 256, 257, 513}) {
    for (Size s : {Size{1, 1, k}, {1, 300, k}, {7, 10, k}, {24, 33, k}, {50, 17, k}, {70, 34, k}})
      sizes.push_back({s.m, s.n, s.k});
  }
  for (Size s : {Size{239, 5, 6}, {240, 33, 3}, {241, 1, 9}, {500, 7, 4}}) sizes.push_back(s);
  for (Size s : {Size{24, 63, 129}, {30, 64, 128}, {31, 127, 127}, {29, 144, 260}, {520, 70, 5}, {48, 257, 530}})
    sizes.push_back(s);
  return sizes;
}

/// rows × columns numbers, with `gap` unused elements between rows and none after the last row.
template <class T>
std::vector<T> matrix(std::int64_t rows, std::int64_t columns, std::int64_t gap, unsigned seed) {
  return random_values<T>(rows == 0 ? 0 : rows * (columns + gap) - gap, seed);
}

TYPED_TEST(Kernel, product_has_the_same_bits_as_the_twin_for_sizes_around_every_block_edge) {
  using T = TypeParam;
  for (const Size& s : product_sizes()) {
    const std::int64_t gap = s.n % 3;
    const auto x = matrix<T>(s.m, s.k, gap, 1), w = matrix<T>(s.k, s.n, gap, 2), bias = random_values<T>(s.n, 3);
    Product<T> p{s.m,     s.n,      s.k, x.data(), s.k + gap, w.data(), s.n + gap, s.n % 2 ? bias.data() : nullptr,
                 nullptr, s.n + gap};
    auto want = matrix<T>(s.m, s.n, gap, 4);
    const auto before = want;
    p.y = want.data();
    this->twin().product(p);
    this->each_target([&](const Kernels<T>& kernels) {
      auto got = before;
      p.y = got.data();
      kernels.product(p);
      this->expect_same(kernels, got, want, 4.0 * static_cast<double>(s.k), s.text());
    });
  }
}

TYPED_TEST(Kernel, product_applies_the_activation_and_can_return_the_sums_before_it) {
  using T = TypeParam;
  for (const Size& s : {Size{1, 10, 20}, {9, 33, 300}, {40, 35, 600}, {3, 200, 7}, {5, 4, 0}}) {
    const auto x = matrix<T>(s.m, s.k, 0, 1), w = matrix<T>(s.k, s.n, 0, 2), bias = random_values<T>(s.n, 3);
    for (const ActivationKind* kind : activation_kinds()) {
      if (kind->builtin < 0 || kind->rowwise) continue;
      for (bool keep : {false, true}) {
        std::vector<T> y(s.m * s.n), z(keep ? s.m * s.n : 0), want_y = y, want_z = z;
        Product<T> p{s.m,
                     s.n,
                     s.k,
                     x.data(),
                     s.k,
                     w.data(),
                     s.n,
                     bias.data(),
                     want_y.data(),
                     s.n,
                     keep ? want_z.data() : nullptr};
        p.epilogue = {kind->builtin, kind->parameter_default};
        this->twin().product(p);
        this->each_target([&](const Kernels<T>& kernels) {
          p.y = y.data(), p.z = keep ? z.data() : nullptr;
          kernels.product(p);
          // A jump in an activation or selu's slope amplifies the different rounding of SSE4.
          if (!kernels.fma && !kind->has_gradient) return;
          this->expect_same(kernels, y, want_y, 16.0 * static_cast<double>(s.k + 4), kind->name);
          this->expect_same(kernels, z, want_z, 4.0 * static_cast<double>(s.k), kind->name);
        });
      }
    }
  }
}

TYPED_TEST(Kernel, product_transposed_has_the_same_bits_as_the_twin_for_sizes_around_every_block_edge) {
  using T = TypeParam;
  auto sizes = product_sizes();
  for (std::int64_t m : {64, 100, 256, 257, 600}) {
    for (Size s : {Size{m, 1, 40}, {m, 3, 33}, {m, 10, 70}, {m, 33, 13}, {m, 7, 100}}) sizes.push_back(s);
  }
  for (const Size& s : sizes) {
    const std::int64_t gap = s.n % 3;
    const auto x = matrix<T>(s.m, s.k, gap, 1), d = matrix<T>(s.m, s.n, gap, 2);
    for (bool add : {false, true}) {
      auto want = matrix<T>(s.k, s.n, gap, 4);
      const auto before = want;
      ProductTransposed<T> p{s.m, s.n, s.k, x.data(), s.k + gap, d.data(), s.n + gap, want.data(), s.n + gap, add};
      this->twin().product_transposed(p);
      this->each_target([&](const Kernels<T>& kernels) {
        auto got = before;
        p.c = got.data();
        kernels.product_transposed(p);
        this->expect_same(kernels, got, want, 4.0 * static_cast<double>(s.m), s.text() + (add ? ", add" : ""));
      });
    }
  }
}

TYPED_TEST(Kernel, a_row_gives_the_same_bits_alone_and_in_any_batch) {
  using T = TypeParam;
  const std::int64_t m = 77, n = 43, k = 300;
  const auto x = random_values<T>(m * k, 1), w = random_values<T>(k * n, 2), bias = random_values<T>(n, 3);
  for (const Kernels<T>* kernels : all_kernels<T>()) {
    std::vector<T> all(m * n), one(n);
    kernels->product({m, n, k, x.data(), k, w.data(), n, bias.data(), all.data(), n});
    for (std::int64_t r = 0; r < m; ++r) {
      kernels->product({1, n, k, x.data() + r * k, k, w.data(), n, bias.data(), one.data(), n});
      for (std::int64_t c = 0; c < n; ++c) ASSERT_TRUE(same_bits(one[c], all[r * n + c])) << kernels->target << r;
    }
  }
}

TYPED_TEST(Kernel, row_blocks_added_in_order_give_the_same_bits_as_one_call) {
  using T = TypeParam;
  const std::int64_t m = 90, n = 20, k = 30;
  const auto x = random_values<T>(m * k, 1), d = random_values<T>(m * n, 2);
  for (const Kernels<T>* kernels : all_kernels<T>()) {
    std::vector<T> whole(k * n), parts(k * n), sums(n), sums_in_parts(n);
    kernels->product_transposed({m, n, k, x.data(), k, d.data(), n, whole.data(), n});
    kernels->column_sums(m, n, d.data(), n, sums.data(), false);
    for (std::int64_t r = 0; r < m; r += 32) {
      const std::int64_t rows = std::min<std::int64_t>(32, m - r);
      kernels->product_transposed({rows, n, k, x.data() + r * k, k, d.data() + r * n, n, parts.data(), n, r > 0});
      kernels->column_sums(rows, n, d.data() + r * n, n, sums_in_parts.data(), r > 0);
    }
    EXPECT_EQ(whole, parts) << kernels->target;
    EXPECT_EQ(sums, sums_in_parts) << kernels->target;
  }
}

TYPED_TEST(Kernel, transpose_and_column_sums_agree_with_the_twin) {
  using T = TypeParam;
  for (std::int64_t m : {0, 1, 2, 15, 16, 17, 40}) {
    for (std::int64_t n : {1, 3, 8, 15, 16, 17, 33, 140}) {
      const auto a = matrix<T>(m, n, 2, 1);
      std::vector<T> turned(n * m), want_turned = turned;
      this->twin().transpose(m, n, a.data(), n + 2, want_turned.data(), m);
      for (bool add : {false, true}) {
        auto want = random_values<T>(n, 5);
        const auto before = want;
        this->twin().column_sums(m, n, a.data(), n + 2, want.data(), add);
        this->each_target([&](const Kernels<T>& kernels) {
          kernels.transpose(m, n, a.data(), n + 2, turned.data(), m);
          EXPECT_EQ(turned, want_turned);
          auto got = before;
          kernels.column_sums(m, n, a.data(), n + 2, got.data(), add);
          EXPECT_EQ(got, want);  // only additions, so also equal for SSE4
        });
      }
    }
  }
}

template <class T>
std::vector<T> awkward_values(std::int64_t n) {
  auto values = random_values<T>(n, 9, 8);
  const T infinity = std::numeric_limits<T>::infinity();
  const T special[] = {0, T(-0.0), 1000, -1000, infinity, -infinity, std::numeric_limits<T>::quiet_NaN(), T(1e-30)};
  for (std::size_t i = 0; i < std::size(special) && i < values.size(); ++i) values[values.size() - 1 - i] = special[i];
  return values;
}

TYPED_TEST(Kernel, activations_and_their_gradients_agree_with_the_twin) {
  using T = TypeParam;
  for (const ActivationKind* kind : activation_kinds()) {
    if (kind->builtin < 0 || kind->rowwise) continue;
    for (std::int64_t n : {0, 1, 3, 7, 8, 9, 16, 31, 33, 200}) {
      const Epilogue f{kind->builtin, kind->parameter_default};
      const auto z = awkward_values<T>(n), dy = random_values<T>(n, 2);
      std::vector<T> y(n), dz(n), want_y(n), want_dz(n);
      const T* input = kind->needs_input ? z.data() : nullptr;
      this->twin().activate(f, n, z.data(), want_y.data());
      this->twin().activate_gradient(f, n, input, want_y.data(), dy.data(), want_dz.data());
      this->each_target([&](const Kernels<T>& kernels) {
        kernels.activate(f, n, z.data(), y.data());
        this->expect_same(kernels, y, want_y, 32, kind->name);
        dz = dy;
        kernels.activate_gradient(f, n, input, want_y.data(), dz.data(), dz.data());
        this->expect_same(kernels, dz, want_dz, 64, kind->name);
      });
    }
  }
}

TYPED_TEST(Kernel, softmax_and_its_gradient_agree_with_the_twin) {
  using T = TypeParam;
  for (std::int64_t n : {1, 2, 7, 10, 16, 17, 33, 5000}) {
    const std::int64_t m = 3;
    const auto z = matrix<T>(m, n, 1, 1), dy = matrix<T>(m, n, 1, 2);
    auto want_y = z, want_dz = dy;
    this->twin().softmax(m, n, z.data(), n + 1, want_y.data(), n + 1);
    this->twin().softmax_gradient(m, n, want_y.data(), n + 1, dy.data(), n + 1, want_dz.data(), n + 1);
    this->each_target([&](const Kernels<T>& kernels) {
      auto y = z, dz = dy;
      kernels.softmax(m, n, y.data(), n + 1, y.data(), n + 1);
      this->expect_same(kernels, y, want_y, 16, "softmax");
      kernels.softmax_gradient(m, n, want_y.data(), n + 1, dz.data(), n + 1, dz.data(), n + 1);
      this->expect_same(kernels, dz, want_dz, 16, "gradient");
    });
  }
}

TYPED_TEST(Kernel, losses_with_targets_labels_and_weights_agree_with_the_twin) {
  using T = TypeParam;
  for (const LossKind* kind : loss_kinds()) {
    if (kind->builtin < 0) continue;
    for (const Size& s :
         {Size{0, 3, 0}, {1, 1, 0}, {37, 1, 0}, {5, 1, 1}, {4, 3, 0}, {3, 10, 2}, {2, 33, 0}, {2, 4100, 0}}) {
      const std::int64_t gap = s.k;
      const auto y = matrix<T>(s.m, s.n, gap, 1), target = matrix<T>(s.m, s.n, gap, 2),
                 weight = random_values<T>(s.m, 3);
      std::vector<std::int32_t> label(s.m);
      for (std::int64_t r = 0; r < s.m; ++r) label[r] = static_cast<std::int32_t>(r % std::max<std::int64_t>(s.n, 2));
      for (int variant = 0; variant < 8; ++variant) {
        const bool labels = variant & 1, weighted = variant & 2, only_one = variant & 4;
        std::vector<T> want_loss(s.m), want_dy(y.size()), got_loss(s.m), got_dy(y.size());
        LossRows<T> p{s.m,
                      s.n,
                      y.data(),
                      s.n + gap,
                      labels ? nullptr : target.data(),
                      s.n + gap,
                      labels ? label.data() : nullptr,
                      weighted ? weight.data() : nullptr,
                      T(0.25),
                      only_one && labels ? nullptr : want_loss.data(),
                      only_one && !labels ? nullptr : want_dy.data(),
                      s.n + gap};
        this->twin().loss(kind->builtin, kind->parameter_default, p);
        this->each_target([&](const Kernels<T>& kernels) {
          if (p.loss) p.loss = got_loss.data();
          if (p.dy) p.dy = got_dy.data();
          kernels.loss(kind->builtin, kind->parameter_default, p);
          const std::string what = std::string(kind->name) + " " + s.text() + " variant " + std::to_string(variant);
          this->expect_same(kernels, got_loss, want_loss, 64, what);
          this->expect_same(kernels, got_dy, want_dy, 16, what);
        });
      }
    }
  }
}

TYPED_TEST(Kernel, update_rules_with_clipping_and_decay_agree_with_the_twin) {
  using T = TypeParam;
  for (const char* name : {"sgd", "momentum", "rmsprop", "adagrad", "adam", "adamw"}) {
    const int rule = update_rule(name);
    ASSERT_GE(rule, 0) << name;
    for (std::int64_t n : {0, 1, 5, 8, 17, 100}) {
      for (int variant = 0; variant < 8; ++variant) {
        UpdateStep<T> step;
        for (int i = 0; i < max_constants; ++i) step.constant[i] = T(0.1) + T(0.01) * T(i);
        if (variant & 1) step.clip = T(0.3);
        if (variant & 2) step.l2 = T(0.01);
        if (variant & 4) step.l1 = T(0.02);
        const auto g = random_values<T>(n, 1), w = random_values<T>(n, 2);
        std::vector<T> states[3] = {random_values<T>(n, 3), random_values<T>(n, 4), random_values<T>(n, 5)};
        for (auto& state : states) {
          for (T& x : state) x = std::abs(x);
        }
        const auto run = [&](const Kernels<T>& kernels) {
          std::vector<T> all = w, s[3] = {states[0], states[1], states[2]};
          T* slots[3] = {s[0].data(), s[1].data(), s[2].data()};
          kernels.update(rule, step, n, all.data(), g.data(), slots);
          for (const auto& state : s) all.insert(all.end(), state.begin(), state.end());
          return all;
        };
        const auto want = run(this->twin());
        this->each_target([&](const Kernels<T>& kernels) { this->expect_same(kernels, run(kernels), want, 32, name); });
      }
    }
  }
}

TYPED_TEST(Kernel, sums_and_simple_loops_agree_with_the_twin) {
  using T = TypeParam;
  for (std::int64_t n : {0, 1, 5, 15, 16, 17, 100, 4095, 4096, 4097, 3 * 4096 + 5, 50000}) {
    const auto a = random_values<T>(n, 1), b = random_values<T>(n, 2);
    std::vector<std::uint8_t> bytes(n);
    for (std::int64_t i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(i * 37);
    const auto run = [&](const Kernels<T>& k) {
      std::vector<T> all{k.sum(n, a.data()), k.sum_squares(n, a.data()), k.dot(n, a.data(), b.data())};
      std::vector<T> sum = b, along = b, times = b, product = b, wide(n);
      k.add(n, a.data(), sum.data());
      k.axpy(n, T(0.7), a.data(), along.data());
      k.scale(n, T(0.7), times.data());
      k.multiply(n, a.data(), product.data());
      k.widen(n, bytes.data(), T(-33.3), T(1) / T(78.6), wide.data());
      for (const auto* part : {&sum, &along, &times, &product, &wide})
        all.insert(all.end(), part->begin(), part->end());
      return all;
    };
    const auto want = run(this->twin());
    this->each_target([&](const Kernels<T>& k) { this->expect_same(k, run(k), want, 64, std::to_string(n)); });
  }
}

TYPED_TEST(Kernel, a_sum_is_folded_over_16_lanes_and_then_over_blocks) {
  using T = TypeParam;
  const std::int64_t n = 2 * sum_block + 21;
  const auto x = random_values<T>(n, 1);
  const auto block = [&](std::int64_t begin, std::int64_t end) {
    T lane[16] = {};
    for (std::int64_t i = begin; i < end; ++i) lane[i % 16] += x[i];
    for (int half : {8, 4, 2, 1}) {
      for (int i = 0; i < half; ++i) lane[i] += lane[i + half];
    }
    return lane[0];
  };
  const T by_hand = (block(0, sum_block) + block(sum_block, 2 * sum_block)) + block(2 * sum_block, n);
  for (const Kernels<T>* k : all_kernels<T>()) EXPECT_EQ(k->sum(n, x.data()), by_hand) << k->target;
}

TEST(Kernels, the_table_in_use_is_the_last_one_listed) {
  EXPECT_EQ(&kernels<float>(), all_kernels<float>().back());
  EXPECT_STREQ(all_kernels<double>().front()->target, "scalar");
}

}  // namespace
}  // namespace pellucid
