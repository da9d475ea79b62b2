// Products with a batch without its zeros, by entries and by whole columns, have the bits of the dense product.
// Not here: who finds the zeros and chooses the form (speed_paths_test.cc).
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

// One batch: dense, and in both sparse forms.
template <class T>
struct Batch {
  Batch(std::int64_t rows, std::int64_t columns, int kept_in_ten)
      : m(rows), k(columns), x(random_values<T>(rows * columns, 5)), stride((rows + 7) / 8 * 8) {
    for (std::int64_t i = 0; i < m * k; ++i) {
      if (static_cast<int>(std::abs(x[i]) * T(1e4)) % 10 >= kept_in_ten || i % k == 1) x[i] = 0;  // column 1 is empty
    }
    std::vector<std::size_t> begins;
    for (std::int64_t r = 0; r < m; ++r) {
      begins.push_back(values.size());
      for (std::int64_t c = 0; c < k; ++c) {
        if (x[r * k + c] == 0) continue;
        columns_of_rows.push_back(static_cast<std::uint16_t>(c));
        values.push_back(x[r * k + c]);
      }
      count.push_back(static_cast<std::int32_t>(values.size() - begins.back()));
    }
    for (std::size_t begin : begins)
      row_columns.push_back(&columns_of_rows[begin]), row_values.push_back(&values[begin]);
    for (std::int64_t c = 0; c < k; ++c) {
      begin.push_back(static_cast<std::int32_t>(row.size()));
      std::vector<T> column(stride);
      for (std::int64_t r = 0; r < m; ++r) {
        if (x[r * k + c] == 0) continue;
        row.push_back(static_cast<std::int32_t>(r));
        turned.push_back(x[r * k + c]);
        column[r] = x[r * k + c];
      }
      if (static_cast<std::size_t>(begin.back()) == row.size()) continue;
      kept.push_back(static_cast<std::uint16_t>(c));
      kept_values.insert(kept_values.end(), column.begin(), column.end());
    }
    begin.push_back(static_cast<std::int32_t>(row.size()));
    kept.resize(kept.size() + kept_row_grain);
  }

  SparseInput<T> by_entries() const {
    return {{count.data(), row_columns.data(), row_values.data()}, {begin.data(), row.data(), turned.data()}, {}};
  }
  SparseInput<T> by_columns() const {
    const auto columns = static_cast<std::int64_t>(kept.size()) - kept_row_grain;
    return {{}, {}, {columns, kept.data(), kept_values.data(), stride}};
  }

  std::int64_t m, k;
  std::vector<T> x;
  std::int64_t stride;
  std::vector<std::int32_t> count, begin, row;
  std::vector<std::uint16_t> columns_of_rows, kept;
  std::vector<const std::uint16_t*> row_columns;
  std::vector<const T*> row_values;
  std::vector<T> values, turned, kept_values;
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

std::string where(const char* target, const char* form, Size s) {
  return std::string(target) + " " + form + " " + std::to_string(s.m) + "x" + std::to_string(s.n) + "x" +
         std::to_string(s.k);
}

template <class T>
class SparseKernel : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(SparseKernel, Scalars);

TYPED_TEST(SparseKernel, forward_has_the_bits_of_the_dense_product) {
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
        for (const bool columns : {false, true}) {
          std::vector<T> got(s.m * ld, T(7));
          kernels->sparse_product({.m = s.m,
                                   .n = s.n,
                                   .k = s.k,
                                   .x = columns ? batch.by_columns() : batch.by_entries(),
                                   .w = w.data(),
                                   .ldw = ld,
                                   .bias = biased ? bias.data() : nullptr,
                                   .y = got.data(),
                                   .ldy = ld,
                                   .z = columns ? z.data() : nullptr,
                                   .epilogue = f});
          expect_bits(got, want, where(kernels->target, columns ? "columns" : "entries", s));
        }
      }
    }
  }
}

TYPED_TEST(SparseKernel, a_stored_gradient_has_the_bits_of_the_dense_one) {
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
      for (const bool columns : {false, true}) {
        std::vector<T> got(s.k * s.n, T(7));
        SparseProductTransposed<T> p{.m = s.m,
                                     .n = s.n,
                                     .k = s.k / 3,
                                     .x = columns ? batch.by_columns() : batch.by_entries(),
                                     .d = d.data(),
                                     .ldd = s.n,
                                     .c = got.data(),
                                     .ldc = s.n};
        kernels->sparse_product_transposed(p);  // in two parts, as two threads would
        p.first = s.k / 3;
        p.k = s.k;
        kernels->sparse_product_transposed(p);
        expect_bits(got, want, where(kernels->target, columns ? "columns" : "entries", s));
      }
    }
  }
}

TYPED_TEST(SparseKernel, an_update_has_the_bits_of_the_dense_one_with_every_rule) {
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
        const SparseInput<T> entries = batch.by_entries(), columns = batch.by_columns();
        expect_bits(run(&entries), want, where(kernels->target, "entries", s) + rule);
        expect_bits(run(&columns), want, where(kernels->target, "columns", s) + rule);
      }
    }
  }
}

}  // namespace
}  // namespace pellucid
