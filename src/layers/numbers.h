// What the embeddings of numbers share: the list of their columns, and one small product per column (a group).
// Not here: the layers (periodic_embedding.cc, cosine_embedding.cc, piecewise_linear_embedding.cc).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "layers/apply.h"
#include "layers/elements.h"
#include "pellucid/describe.h"

namespace pellucid {

/// Throws U12 unless the columns are ascending from 0 and there is at least one.
void check_number_columns(std::string_view kind, const std::vector<std::int64_t>& columns);
/// The setting "columns", such as "0,1,5".
void describe_number_columns(Fields& fields, std::string_view kind, std::vector<std::int64_t>& columns);
/// Width of the layer's one input. Throws U20 if it does not have the columns.
std::int64_t width_with_columns(std::span<const Shape> inputs, std::string_view kind,
                                const std::vector<std::int64_t>& columns);
/// The numbers of these columns in one value.
Expression::Value express_columns(Expression& to, const std::vector<std::int64_t>& columns);
/// The other columns. There is at least one.
Expression::Value express_other_columns(Expression& to, const std::vector<std::int64_t>& columns);

/// Calls what(first, end) for each range of columns that are not listed.
template <class F>
void for_other_columns(const std::vector<std::int64_t>& columns, std::int64_t width, const F& what) {
  std::int64_t first = 0;
  for (const std::int64_t column : columns) {
    if (column > first) what(first, column);
    first = column + 1;
  }
  if (width > first) what(first, width);
}

template <class T>
View<T> columns_from(View<T> view, std::int64_t first, std::int64_t count) {
  return {view.data + first, view.rows, count, view.stride};
}

/// Adds column g of `numbers` to column columns[g] of `to`.
template <class T>
void add_to_columns(View<const T> numbers, const std::vector<std::int64_t>& columns, View<T> to) {
  for (std::int64_t r = 0; r < to.rows; ++r) {
    for (std::size_t g = 0; g < columns.size(); ++g) to(r, columns[g]) += numbers(r, static_cast<std::int64_t>(g));
  }
}

/// Rows of inputs of groups: group g has the `width` columns from columns[g] on, or from g · width on if there is no
/// list.
template <class T>
struct Groups {
  View<const T> x;
  std::int64_t width = 1;
  std::span<const std::int64_t> columns{};

  const T* of(std::int64_t g) const {
    return x.data + (columns.empty() ? g * width : columns[static_cast<std::size_t>(g)]);
  }
};

/// y_g = f(x_g · W_g + b_g) for each group; W holds one matrix of width × n below the other, y and b have n numbers per
/// group. `z`: memory like y's for the sums before the activation, or null.
template <class T>
void group_products(const Kernels<T>& kernels, const Groups<T>& x, View<const T> w, const T* bias, View<T> y,
                    T* z = nullptr, Epilogue f = {}) {
  const std::int64_t n = w.columns;
  for (std::int64_t g = 0; g * x.width < w.rows; ++g) {
    kernels.product({.m = x.x.rows,
                     .n = n,
                     .k = x.width,
                     .x = x.of(g),
                     .ldx = x.x.stride,
                     .w = w.row(g * x.width),
                     .ldw = w.stride,
                     .bias = bias ? bias + g * n : nullptr,
                     .y = y.data + g * n,
                     .ldy = y.stride,
                     .z = z ? z + g * n : nullptr,
                     .epilogue = f});
  }
}

/// dx_g = dy_g · W_gᵀ; dx has `width` columns per group.
template <class T>
void group_products_back(const Kernels<T>& kernels, View<const T> dy, View<const T> w, std::int64_t width, View<T> dx) {
  for (std::int64_t g = 0; g * width < w.rows; ++g) {
    kernels.product({.m = dy.rows,
                     .n = width,
                     .k = w.columns,
                     .x = dy.data + g * w.columns,
                     .ldx = dy.stride,
                     .w = w.row(g * width),
                     .ldw = w.stride,
                     .bias = nullptr,
                     .y = dx.data + g * width,
                     .ldy = dx.stride,
                     .w_transposed = true});
  }
}

/// The gradient of W: x_gᵀ · dy_g for each group, one chain over all rows. Threads share the groups.
template <class T>
void group_gradients(const Pass<T>& pass, const Groups<T>& x, View<const T> dy, View<T> gradient) {
  const std::int64_t groups = gradient.rows / x.width, n = gradient.columns;
  const double cost = 2.0 * static_cast<double>(dy.rows * x.width * n);
  parallel_rows<T>(pass.team(), groups, cost, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t g = begin; g < end; ++g) {
      pass.kernels().product_transposed({.m = dy.rows,
                                         .n = n,
                                         .k = x.width,
                                         .x = x.of(g),
                                         .ldx = x.x.stride,
                                         .d = dy.data + g * n,
                                         .ldd = dy.stride,
                                         .c = gradient.row(g * x.width),
                                         .ldc = gradient.stride});
    }
  });
}

}  // namespace pellucid
