// The scalar twin's folded sum, and its normalization of columns and rows.
// Not here: the vector form (norm.cc).
#pragma once

#include <algorithm>
#include <cmath>

#include "kernels/kernels.h"
#include "kernels/tree.h"

namespace pellucid::scalar {

/// Σ term(i, value of the virtual lane so far) in the order of the numerical contract.
template <class T, class Term>
T sum_of(std::int64_t n, Term term) {
  BlockTree<T> tree;
  for (std::int64_t begin = 0; begin < n; begin += sum_block) {
    T lane[sum_lanes] = {};
    const std::int64_t end = std::min(n, begin + sum_block);
    for (std::int64_t i = begin; i < end; ++i) lane[i % sum_lanes] = term(i, lane[i % sum_lanes]);
    tree.push(fold_lanes(lane));
  }
  return tree.total();
}

template <class T>
void column_moments(std::int64_t m, std::int64_t n, const T* x, std::int64_t ldx, T* mean, T* squares) noexcept {
  for (std::int64_t c = 0; c < n; ++c) {
    T sum = 0, square = 0;
    for (std::int64_t r = 0; r < m; ++r) sum += x[r * ldx + c];
    mean[c] = sum / static_cast<T>(m);
    for (std::int64_t r = 0; r < m; ++r) {
      const T away = x[r * ldx + c] - mean[c];
      square = std::fma(away, away, square);
    }
    squares[c] = square;
  }
}

template <class T>
void column_products(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, const T* x, std::int64_t ldx,
                     const T* mean, T* sums, T* products) noexcept {
  for (std::int64_t c = 0; c < n; ++c) {
    T sum = 0, product = 0;
    for (std::int64_t r = 0; r < m; ++r) {
      sum += d[r * ldd + c];
      product = std::fma(x[r * ldx + c] - mean[c], d[r * ldd + c], product);
    }
    sums[c] = sum;
    products[c] = product;
  }
}

template <class T>
void column_norm(const ColumnNorm<T>& p) noexcept {
  for (std::int64_t r = 0; r < p.m; ++r) {
    for (std::int64_t c = 0; c < p.n; ++c) {
      p.y[r * p.ldy + c] = std::fma(p.x[r * p.ldx + c] - p.mean[c], p.factor[c], p.shift[c]);
    }
  }
}

template <class T>
void column_norm_gradient(const ColumnNormGradient<T>& p) noexcept {
  for (std::int64_t r = 0; r < p.m; ++r) {
    for (std::int64_t c = 0; c < p.n; ++c) {
      const T rest = std::fma(p.x[r * p.ldx + c] - p.mean[c], p.slope[c], p.shift[c]);
      p.dx[r * p.lddx + c] = std::fma(p.d[r * p.ldd + c], p.factor[c], rest);
    }
  }
}

template <class T>
void row_norm(const RowNorm<T>& p) noexcept {
  const T n = static_cast<T>(p.n);
  for (std::int64_t r = 0; r < p.m; ++r) {
    const T* x = p.x + r * p.ldx;
    const T mean = sum_of<T>(p.n, [&](std::int64_t i, T so_far) { return so_far + x[i]; }) / n;
    const T squares =
        sum_of<T>(p.n, [&](std::int64_t i, T so_far) { return std::fma(x[i] - mean, x[i] - mean, so_far); });
    const T factor = T(1) / std::sqrt(squares / n + p.epsilon);
    p.mean[r] = mean;
    p.factor[r] = factor;
    for (std::int64_t c = 0; c < p.n; ++c) {
      p.y[r * p.ldy + c] = std::fma((x[c] - mean) * factor, p.gamma[c], p.beta[c]);
    }
  }
}

template <class T>
void row_norm_gradient(const RowNormGradient<T>& p) noexcept {
  const T n = static_cast<T>(p.n);
  for (std::int64_t r = 0; r < p.m; ++r) {
    const T *x = p.x + r * p.ldx, mean = p.mean[r], factor = p.factor[r];
    T *d = p.d + r * p.ldd, *dx = p.dx + (p.dx ? r * p.lddx : 0);
    const auto h = [&](std::int64_t i) { return (x[i] - mean) * factor; };
    const auto g = [&](std::int64_t i) { return d[i] * p.gamma[i]; };
    const T sum = sum_of<T>(p.n, [&](std::int64_t i, T so_far) { return so_far + g(i); }) / n;
    const T product = sum_of<T>(p.n, [&](std::int64_t i, T so_far) { return std::fma(g(i), h(i), so_far); }) / n;
    for (std::int64_t c = 0; p.dx && c < p.n; ++c) dx[c] = factor * (g(c) - std::fma(h(c), product, sum));
    for (std::int64_t c = 0; c < p.n; ++c) d[c] *= h(c);
  }
}

}  // namespace pellucid::scalar
