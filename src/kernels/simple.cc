// Simple loops: sums, column sums, transposition, addition, scaling, bytes to floating-point numbers.
// Not here: products (kernels/product.cc), formulas (kernels/activate.cc, kernels/rows.cc, kernels/update.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simple.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/sum-inl.h"
#include "kernels/turn-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

template <class T>
HWY_FLATTEN T sum(std::int64_t n, const T* x) noexcept {
  return sum_of<T>(n, [x](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR { return held + io.load(x + i); });
}

template <class T>
HWY_FLATTEN T dot(std::int64_t n, const T* a, const T* b) noexcept {
  return sum_of<T>(
      n, [a, b](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR { return fma(io.load(a + i), io.load(b + i), held); });
}

template <class T>
T sum_squares(std::int64_t n, const T* x) noexcept {
  return dot(n, x, x);
}

/// Sums one strip of columns, `vectors` vectors wide, over all rows.
template <int vectors, class T, class Io>
HWY_INLINE void column_strip(Io io, std::int64_t m, const T* d, std::int64_t ldd, T* out, bool add) noexcept {
  constexpr int N = Lanes<T>::count;
  Lanes<T> chain[vectors];
  for (int v = 0; v < vectors; ++v) chain[v] = add ? io.load(out + v * N) : Lanes<T>(0.0);
  for (std::int64_t r = 0; r < m; ++r) {
    for (int v = 0; v < vectors; ++v) chain[v] = chain[v] + io.load(d + r * ldd + v * N);
  }
  for (int v = 0; v < vectors; ++v) io.store(chain[v], out + v * N);
}

template <class T>
HWY_FLATTEN void column_sums(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, T* out, bool add) noexcept {
  constexpr int N = Lanes<T>::count, wide = 8;
  std::int64_t c = 0;
  for (; c + wide * N <= n; c += wide * N) column_strip<wide>(Whole<T>(), m, d + c, ldd, out + c, add);
  for (; c + N <= n; c += N) column_strip<1>(Whole<T>(), m, d + c, ldd, out + c, add);
  if (c < n) column_strip<1>(Part<T>(n - c), m, d + c, ldd, out + c, add);
}

/// Transposes with vectors of type d; there must be at least as many rows as d has lanes.
template <class D, class T>
HWY_INLINE void transpose_by(D d, std::int64_t rows, std::int64_t columns, const T* a, std::int64_t lda, T* b,
                             std::int64_t ldb) noexcept {
  constexpr std::int64_t height = hn::MaxLanes(D()), width = turned_columns<T>;
  if constexpr (height > width) {
    if (rows < height) return transpose_by(hn::Half<D>(), rows, columns, a, lda, b, ldb);
  }
  if (rows < height || columns < width) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) b[c * ldb + r] = a[r * lda + c];
    }
    return;
  }
  for (std::int64_t begin = 0; begin < rows; begin += height) {
    const std::int64_t r = std::min(begin, rows - height);  // the last strip overlaps the one before
    for (std::int64_t first = 0; first < columns; first += width) {
      const std::int64_t c = std::min(first, columns - width);
      hn::Vec<D> column[width];
      turn(d, a + r * lda + c, lda, column);
      for (int i = 0; i < width; ++i) hn::StoreU(column[i], d, b + (c + i) * ldb + r);
    }
  }
}

template <class T>
HWY_FLATTEN void transpose(std::int64_t rows, std::int64_t columns, const T* a, std::int64_t lda, T* b,
                           std::int64_t ldb) noexcept {
  transpose_by(hn::ScalableTag<T>(), rows, columns, a, lda, b, ldb);
}

template <class T>
HWY_FLATTEN void add(std::int64_t n, const T* a, T* b) noexcept {
  each<T>(n, [=](auto io, std::int64_t i) HWY_ATTR { io.store(io.load(b + i) + io.load(a + i), b + i); });
}

template <class T>
HWY_FLATTEN void axpy(std::int64_t n, T factor, const T* a, T* b) noexcept {
  const Lanes<T> f(factor);
  each<T>(n, [=](auto io, std::int64_t i) HWY_ATTR { io.store(fma(f, io.load(a + i), io.load(b + i)), b + i); });
}

template <class T>
HWY_FLATTEN void scale(std::int64_t n, T factor, T* a) noexcept {
  const Lanes<T> f(factor);
  each<T>(n, [=](auto io, std::int64_t i) HWY_ATTR { io.store(io.load(a + i) * f, a + i); });
}

template <class T>
HWY_FLATTEN void multiply(std::int64_t n, const T* a, T* b) noexcept {
  each<T>(n, [=](auto io, std::int64_t i) HWY_ATTR { io.store(io.load(b + i) * io.load(a + i), b + i); });
}

template <class T>
void widen(std::int64_t n, const std::uint8_t* x, T offset, T factor, T* y) noexcept {
  for (std::int64_t i = 0; i < n; ++i) y[i] = (static_cast<T>(x[i]) + offset) * factor;
}

#define PELLUCID_SIMPLE(T)                                                                                \
  template T sum(std::int64_t, const T*) noexcept;                                                        \
  template T sum_squares(std::int64_t, const T*) noexcept;                                                \
  template T dot(std::int64_t, const T*, const T*) noexcept;                                              \
  template void column_sums(std::int64_t, std::int64_t, const T*, std::int64_t, T*, bool) noexcept;       \
  template void transpose(std::int64_t, std::int64_t, const T*, std::int64_t, T*, std::int64_t) noexcept; \
  template void add(std::int64_t, const T*, T*) noexcept;                                                 \
  template void axpy(std::int64_t, T, const T*, T*) noexcept;                                             \
  template void scale(std::int64_t, T, T*) noexcept;                                                      \
  template void multiply(std::int64_t, const T*, T*) noexcept;                                            \
  template void widen(std::int64_t, const std::uint8_t*, T, T, T*) noexcept;
PELLUCID_SIMPLE(float)
PELLUCID_SIMPLE(double)
#undef PELLUCID_SIMPLE

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
