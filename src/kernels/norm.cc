// Normalization: means and squares of columns, columns and rows brought to mean 0 and variance 1, and the gradients.
// Not here: folding the sums of a batch (layers/batch_norm.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/norm.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <cmath>

#include "kernels/parts-inl.h"
#include "kernels/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

/// Calls strip(number of vectors as a constant, io, first column) for strips of neighbouring columns.
template <class T, class Strip>
HWY_INLINE void each_strip(std::int64_t n, Strip strip) noexcept {
  constexpr int N = Lanes<T>::count;
  std::int64_t c = 0;
  for (; c + 4 * N <= n; c += 4 * N) strip(std::integral_constant<int, 4>(), Whole<T>(), c);
  for (; c + 2 * N <= n; c += 2 * N) strip(std::integral_constant<int, 2>(), Whole<T>(), c);
  for (; c + N <= n; c += N) strip(std::integral_constant<int, 1>(), Whole<T>(), c);
  if (c < n) strip(std::integral_constant<int, 1>(), Part<T>(n - c), c);
}

}  // namespace

template <class T>
HWY_FLATTEN void column_moments(std::int64_t m, std::int64_t n, const T* x, std::int64_t ldx, T* mean,
                                T* squares) noexcept {
  constexpr int N = Lanes<T>::count;
  const Lanes<T> rows(static_cast<double>(m));
  each_strip<T>(n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
    constexpr int V = decltype(vectors)::value;
    Lanes<T> sum[V], square[V];
    for (int v = 0; v < V; ++v) sum[v] = square[v] = Lanes<T>(0.0);
    for (std::int64_t r = 0; r < m; ++r) {
      for (int v = 0; v < V; ++v) sum[v] = sum[v] + io.load(x + r * ldx + c + v * N);
    }
    for (int v = 0; v < V; ++v) sum[v] = sum[v] / rows;
    for (std::int64_t r = 0; r < m; ++r) {
      for (int v = 0; v < V; ++v) {
        const Lanes<T> away = io.load(x + r * ldx + c + v * N) - sum[v];
        square[v] = fma(away, away, square[v]);
      }
    }
    for (int v = 0; v < V; ++v) io.store(sum[v], mean + c + v * N);
    for (int v = 0; v < V; ++v) io.store(square[v], squares + c + v * N);
  });
}

template <class T>
HWY_FLATTEN void column_products(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, const T* x,
                                 std::int64_t ldx, const T* mean, T* sums, T* products) noexcept {
  constexpr int N = Lanes<T>::count;
  each_strip<T>(n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
    constexpr int V = decltype(vectors)::value;
    Lanes<T> sum[V], product[V], centre[V];
    for (int v = 0; v < V; ++v) sum[v] = product[v] = Lanes<T>(0.0);
    for (int v = 0; v < V; ++v) centre[v] = io.load(mean + c + v * N);
    for (std::int64_t r = 0; r < m; ++r) {
      for (int v = 0; v < V; ++v) {
        const Lanes<T> slope = io.load(d + r * ldd + c + v * N);
        sum[v] = sum[v] + slope;
        product[v] = fma(io.load(x + r * ldx + c + v * N) - centre[v], slope, product[v]);
      }
    }
    for (int v = 0; v < V; ++v) io.store(sum[v], sums + c + v * N);
    for (int v = 0; v < V; ++v) io.store(product[v], products + c + v * N);
  });
}

template <class T>
HWY_FLATTEN void column_norm(const ColumnNorm<T>& p) noexcept {
  for (std::int64_t r = 0; r < p.m; ++r) {
    const T* x = p.x + r * p.ldx;
    T* y = p.y + r * p.ldy;
    each<T>(p.n, [&](auto io, std::int64_t c) HWY_ATTR {
      io.store(fma(io.load(x + c) - io.load(p.mean + c), io.load(p.factor + c), io.load(p.shift + c)), y + c);
    });
  }
}

template <class T>
HWY_FLATTEN void column_norm_gradient(const ColumnNormGradient<T>& p) noexcept {
  for (std::int64_t r = 0; r < p.m; ++r) {
    const T *x = p.x + r * p.ldx, *d = p.d + r * p.ldd;
    T* dx = p.dx + r * p.lddx;
    each<T>(p.n, [&](auto io, std::int64_t c) HWY_ATTR {
      const Lanes<T> rest = fma(io.load(x + c) - io.load(p.mean + c), io.load(p.slope + c), io.load(p.shift + c));
      io.store(fma(io.load(d + c), io.load(p.factor + c), rest), dx + c);
    });
  }
}

template <class T>
HWY_FLATTEN void row_norm(const RowNorm<T>& p) noexcept {
  const T n = static_cast<T>(p.n);
  for (std::int64_t r = 0; r < p.m; ++r) {
    const T* x = p.x + r * p.ldx;
    T* y = p.y + r * p.ldy;
    p.mean[r] =
        sum_of<T>(p.n, [x](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR { return held + io.load(x + i); }) / n;
    const Lanes<T> mean(p.mean[r]);
    const T squares = sum_of<T>(p.n, [x, mean](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR {
      const Lanes<T> away = io.load(x + i) - mean;
      return fma(away, away, held);
    });
    p.factor[r] = T(1) / std::sqrt(squares / n + p.epsilon);
    const Lanes<T> factor(p.factor[r]);
    each<T>(p.n, [&](auto io, std::int64_t c) HWY_ATTR {
      io.store(fma((io.load(x + c) - mean) * factor, io.load(p.gamma + c), io.load(p.beta + c)), y + c);
    });
  }
}

template <class T>
HWY_FLATTEN void row_norm_gradient(const RowNormGradient<T>& p) noexcept {
  const T n = static_cast<T>(p.n);
  for (std::int64_t r = 0; r < p.m; ++r) {
    const T *x = p.x + r * p.ldx, *gamma = p.gamma;
    T* d = p.d + r * p.ldd;
    const Lanes<T> mean(p.mean[r]), factor(p.factor[r]);
    if (p.dx) {
      T* dx = p.dx + r * p.lddx;
      const Lanes<T> sum(sum_of<T>(p.n, [=](auto io, std::int64_t i, Lanes<T> held)
                                            HWY_ATTR { return held + io.load(d + i) * io.load(gamma + i); }) /
                         n);
      const Lanes<T> product(sum_of<T>(p.n,
                                       [=](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR {
                                         const Lanes<T> h = (io.load(x + i) - mean) * factor;
                                         return fma(io.load(d + i) * io.load(gamma + i), h, held);
                                       }) /
                             n);
      each<T>(p.n, [&](auto io, std::int64_t c) HWY_ATTR {
        const Lanes<T> h = (io.load(x + c) - mean) * factor;
        io.store(factor * (io.load(d + c) * io.load(gamma + c) - fma(h, product, sum)), dx + c);
      });
    }
    each<T>(p.n, [&](auto io, std::int64_t c)
                     HWY_ATTR { io.store(io.load(d + c) * ((io.load(x + c) - mean) * factor), d + c); });
  }
}

#define PELLUCID_NORM(T)                                                                                              \
  template void column_moments(std::int64_t, std::int64_t, const T*, std::int64_t, T*, T*) noexcept;                  \
  template void column_products(std::int64_t, std::int64_t, const T*, std::int64_t, const T*, std::int64_t, const T*, \
                                T*, T*) noexcept;                                                                     \
  template void column_norm(const ColumnNorm<T>&) noexcept;                                                           \
  template void column_norm_gradient(const ColumnNormGradient<T>&) noexcept;                                          \
  template void row_norm(const RowNorm<T>&) noexcept;                                                                 \
  template void row_norm_gradient(const RowNormGradient<T>&) noexcept;
PELLUCID_NORM(float)
PELLUCID_NORM(double)
#undef PELLUCID_NORM

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
