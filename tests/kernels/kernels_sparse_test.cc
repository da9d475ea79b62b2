// Products with a sparse batch give the same bits as the dense products.
// Not here: when a batch is treated as sparse (speed_paths_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "kernels/kernels.h"
#include "optimizers/rules.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::same_bits;

// The same batch in dense and in sparse form.
template <class T>
struct Batch {
  Batch(std::int64_t rows, std::int64_t columns, int kept_in_ten)
      : m(rows), k(columns), x(random_values<T>(rows * columns, 5)) {
    for (std::int64_t i = 0; i < m * k; ++i) {
      // Column 1 has no nonzero element.
      if (static_cast<int>(std::abs(x[i]) * T(1e4)) % 10 >= kept_in_ten || i % k == 1) x[i] = 0;
    }
    list_rows();
    sort_columns();
  }

  SparseInput<T> entries() const {
    return {(k + band_columns - 1) / band_columns,
            band.data(),
            column.data(),
            value.data(),
            group.data(),
            order.data(),
            entry.data()};
  }

  static constexpr std::int64_t band_columns = 32;
  std::int64_t m, k;
  std::vector<T> x;
  std::vector<std::int32_t> band, group;
  std::vector<std::uint16_t> column, order;
  std::vector<T> value;
  std::vector<ColumnEntry<T>> entry;

 private:
  void list_rows() {
    for (std::int64_t r = 0; r < m; ++r) {
      for (std::int64_t c = 0; c < k; ++c) {
        if (c % band_columns == 0) band.push_back(static_cast<std::int32_t>(value.size()));
        if (x[r * k + c] == 0) continue;
        column.push_back(static_cast<std::uint16_t>(c));
        value.push_back(x[r * k + c]);
      }
      band.push_back(static_cast<std::int32_t>(value.size()));
    }
  }
  void sort_columns() {
    for (std::int64_t g = 0; g <= m; ++g) {
      group.push_back(static_cast<std::int32_t>(order.size()));
      for (std::int64_t c = 0; c < k; ++c) {
        std::vector<ColumnEntry<T>> found;
        for (std::int64_t r = 0; r < m; ++r) {
          if (x[r * k + c] != 0) found.push_back({x[r * k + c], static_cast<std::int32_t>(r)});
        }
        if (static_cast<std::int64_t>(found.size()) != g) continue;
        order.push_back(static_cast<std::uint16_t>(c));
        entry.insert(entry.end(), found.begin(), found.end());
      }
    }
    group.push_back(static_cast<std::int32_t>(order.size()));
    order.resize(order.size() + SparseInput<T>::ahead);
  }
};

template <class T>
void expect_bits(const std::vector<T>& got, const std::vector<T>& want, const std::string& what) {
  for (std::size_t i = 0; i < want.size(); ++i) ASSERT_TRUE(same_bits(got[i], want[i])) << what << ", element " << i;
}

struct Size {
  std::int64_t m, n, k;
};
constexpr Size sizes[] = {{1, 1, 5},    {8, 64, 100},  {3, 10, 70},  {8, 33, 64},     {16, 32, 200},   {13, 70, 9},
                          {32, 17, 90}, {40, 130, 50}, {9, 257, 33}, {100, 100, 150}, {300, 200, 120}, {530, 40, 70}};

std::string where(const char* target, Size s) {
  return std::string(target) + " " + std::to_string(s.m) + "x" + std::to_string(s.n) + "x" + std::to_string(s.k);
}

template <class T>
class SparseKernel : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(SparseKernel, Scalars);

TYPED_TEST(SparseKernel, the_product_has_the_same_bits_as_the_dense_one) {
  using T = TypeParam;
  for (Size s : sizes) {
    const Batch<T> batch(s.m, s.k, 3);
    const std::int64_t ld = s.n + s.m % 3;
    const auto w = random_values<T>(s.k * ld, 1), bias = random_values<T>(s.n, 2);
    for (const Kernels<T>* kernels : all_kernels<T>()) {
      for (const bool biased : {true, false}) {
        std::vector<T> want(s.m * ld, T(7)), z = want;
        const Epilogue f{biased ? -1 : 0, 0};
        kernels->product({.m = s.m,
                          .n = s.n,
                          .k = s.k,
                          .x = batch.x.data(),
                          .ldx = s.k,
                          .w = w.data(),
                          .ldw = ld,
                          .bias = biased ? bias.data() : nullptr,
                          .y = want.data(),
                          .ldy = ld,
                          .epilogue = f});
        for (const bool apart : {false, true}) {
          std::vector<T> got(s.m * ld, T(7));
          kernels->sparse_product({.m = s.m,
                                   .n = s.n,
                                   .k = s.k,
                                   .x = batch.entries(),
                                   .w = w.data(),
                                   .ldw = ld,
                                   .bias = biased ? bias.data() : nullptr,
                                   .y = got.data(),
                                   .ldy = ld,
                                   .z = apart ? z.data() : nullptr,
                                   .epilogue = f});
          expect_bits(got, want, where(kernels->target, s));
        }
      }
    }
  }
}

TYPED_TEST(SparseKernel, a_stored_gradient_has_the_same_bits_as_the_dense_one) {
  using T = TypeParam;
  for (Size s : sizes) {
    const Batch<T> batch(s.m, s.k, 3);
    const auto d = random_values<T>(s.m * s.n, 3);
    for (const Kernels<T>* kernels : all_kernels<T>()) {
      std::vector<T> want(s.k * s.n);
      kernels->product_transposed({.m = s.m,
                                   .n = s.n,
                                   .k = s.k,
                                   .x = batch.x.data(),
                                   .ldx = s.k,
                                   .d = d.data(),
                                   .ldd = s.n,
                                   .c = want.data(),
                                   .ldc = s.n});
      std::vector<T> got(s.k * s.n, T(7));
      SparseProductTransposed<T> p{.m = s.m,
                                   .n = s.n,
                                   .k = s.k / 3,
                                   .x = batch.entries(),
                                   .d = d.data(),
                                   .ldd = s.n,
                                   .c = got.data(),
                                   .ldc = s.n};
      kernels->sparse_product_transposed(p);  // in two calls, as two threads would do
      p.first = s.k / 3;
      p.k = s.k;
      kernels->sparse_product_transposed(p);
      expect_bits(got, want, where(kernels->target, s));
    }
  }
}

TYPED_TEST(SparseKernel, an_update_has_the_same_bits_as_the_dense_one_with_every_rule) {
  using T = TypeParam;
  for (Size s : sizes) {
    const Batch<T> batch(s.m, s.k, 3);
    const auto d = random_values<T>(s.m * s.n, 3), w = random_values<T>(s.k * s.n, 1);
    auto state = random_values<T>(max_slots * s.k * s.n, 4);
    for (T& value : state) value = std::abs(value);
    for (const char* rule : {"sgd", "momentum", "rmsprop", "adagrad", "adam", "adamw"}) {
      UpdateStep<T> step;
      for (int i = 0; i < max_constants; ++i) step.constant[i] = T(0.1) + T(0.01) * T(i);
      if (s.m % 2 == 0) step.clip = T(0.3), step.l2 = T(0.01), step.l1 = T(0.02);
      for (const Kernels<T>* kernels : all_kernels<T>()) {
        const auto run = [&](const SparseInput<T>* sparse) {
          std::vector<T> all = w;
          all.insert(all.end(), state.begin(), state.end());
          const std::int64_t size = s.k * s.n;
          const Update<T> update{
              update_rule(rule), step, all.data(), {all.data() + size, all.data() + 2 * size, all.data() + 3 * size}};
          if (sparse) {
            kernels->sparse_product_transposed({.m = s.m,
                                                .n = s.n,
                                                .k = s.k,
                                                .x = *sparse,
                                                .d = d.data(),
                                                .ldd = s.n,
                                                .c = nullptr,
                                                .ldc = s.n,
                                                .update = update});
          } else {
            kernels->product_transposed({.m = s.m,
                                         .n = s.n,
                                         .k = s.k,
                                         .x = batch.x.data(),
                                         .ldx = s.k,
                                         .d = d.data(),
                                         .ldd = s.n,
                                         .c = nullptr,
                                         .ldc = s.n,
                                         .update = update});
          }
          return all;
        };
        const auto want = run(nullptr);
        const SparseInput<T> entries = batch.entries();
        expect_bits(run(&entries), want, where(kernels->target, s) + rule);
      }
    }
  }
}

TEST(SortByCount, is_a_stable_sort_by_count) {
  for (const std::int64_t n : {1, 3, 15, 16, 17, 100, 784, 65536}) {
    for (const int most : {1, 8, 48, 49, 1000}) {
      std::vector<std::int32_t> count(sort_room(n));
      for (std::int64_t i = 0; i < n; ++i) count[i] = static_cast<std::int32_t>(i * i * 7 % 13 * (i % 3) % (most + 1));
      std::vector<std::uint16_t> want(n);
      std::iota(want.begin(), want.end(), std::uint16_t{0});
      std::ranges::stable_sort(want, {}, [&](std::uint16_t i) { return count[i]; });
      for (const Kernels<float>* kernels : all_kernels<float>()) {
        std::vector<std::uint16_t> order(sort_room(n));
        std::vector<std::int32_t> group(most + 2, -1);
        kernels->sort_by_count(n, count.data(), most, group.data(), order.data());
        order.resize(n);
        EXPECT_EQ(order, want) << kernels->target << " " << n << " " << most;
        for (int g = 0; g <= most; ++g) {
          EXPECT_EQ(group[g + 1] - group[g], std::ranges::count(count.begin(), count.begin() + n, g)) << n << " " << g;
        }
      }
    }
  }
}

}  // namespace
}  // namespace pellucid
