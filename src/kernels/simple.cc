// The simple loops: sums, column sums, transposition, addition, scaling, widening of bytes.
// Not here: products (product.cc), formulas (activate.cc, rows.cc, update.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simple.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/sum-inl.h"

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

/// One strip of columns, `vectors` wide, down all rows.
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

/// Rows p, p + stride, … of 16 bytes each, one a block of the vector.
template <class D, class T>
HWY_INLINE hn::Vec<D> blocks_of_rows(D d, const T* p, std::int64_t stride) noexcept {
  if constexpr (hn::MaxLanes(D()) * sizeof(T) <= 16) {
    return hn::LoadU(d, p);
  } else {
    const hn::Half<D> half;
    constexpr std::int64_t blocks = hn::MaxLanes(half) * sizeof(T) / 16;
    return hn::Combine(d, blocks_of_rows(half, p + blocks * stride, stride), blocks_of_rows(half, p, stride));
  }
}

/// As many rows as a vector has lanes, as many columns as 16 bytes hold: rows are turned within the blocks.
HWY_INLINE void transpose_square(const float* a, std::int64_t lda, float* b, std::int64_t ldb) noexcept {
  const hn::ScalableTag<float> d;
  const hn::RepartitionToWide<decltype(d)> pair;
  hn::Vec<decltype(d)> row[4];
  HWY_UNROLL(4)
  for (int i = 0; i < 4; ++i) row[i] = blocks_of_rows(d, a + i * lda, 4 * lda);
  const auto low = hn::BitCast(pair, hn::InterleaveLower(d, row[0], row[1]));
  const auto high = hn::BitCast(pair, hn::InterleaveUpper(d, row[0], row[1]));
  const auto next_low = hn::BitCast(pair, hn::InterleaveLower(d, row[2], row[3]));
  const auto next_high = hn::BitCast(pair, hn::InterleaveUpper(d, row[2], row[3]));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pair, low, next_low)), d, b);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pair, low, next_low)), d, b + ldb);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pair, high, next_high)), d, b + 2 * ldb);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pair, high, next_high)), d, b + 3 * ldb);
}

HWY_INLINE void transpose_square(const double* a, std::int64_t lda, double* b, std::int64_t ldb) noexcept {
  const hn::ScalableTag<double> d;
  const auto even = blocks_of_rows(d, a, 2 * lda), odd = blocks_of_rows(d, a + lda, 2 * lda);
  hn::StoreU(hn::InterleaveLower(d, even, odd), d, b);
  hn::StoreU(hn::InterleaveUpper(d, even, odd), d, b + ldb);
}

template <class T>
HWY_FLATTEN void transpose(std::int64_t rows, std::int64_t columns, const T* a, std::int64_t lda, T* b,
                           std::int64_t ldb) noexcept {
  constexpr std::int64_t height = Lanes<T>::count, width = 16 / sizeof(T);
  const std::int64_t whole_rows = rows - rows % height, whole_columns = columns - columns % width;
  for (std::int64_t r = 0; r < whole_rows; r += height) {
    for (std::int64_t c = 0; c < whole_columns; c += width) {
      transpose_square(a + r * lda + c, lda, b + c * ldb + r, ldb);
    }
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = r < whole_rows ? whole_columns : 0; c < columns; ++c) b[c * ldb + r] = a[r * lda + c];
  }
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
  template void widen(std::int64_t, const std::uint8_t*, T, T, T*) noexcept;
PELLUCID_SIMPLE(float)
PELLUCID_SIMPLE(double)
#undef PELLUCID_SIMPLE

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
