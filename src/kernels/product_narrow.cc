// Narrow products: y = f(bias + x · w) where w has few columns, and xᵀ · d where d has one column.
// Not here: wider products (kernels/product.cc, kernels/product_transposed.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_narrow.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"
#include "kernels/turn-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

/// The rows [row, row + lanes) of z[m,n]. Lanes run across rows; x is transposed in registers before the multiply-adds.
template <int n, class T>
HWY_INLINE void narrow_rows(const Product<T>& p, std::int64_t row, T* z) noexcept {
  constexpr int step = turned_columns<T>;
  constexpr std::int64_t N = Lanes<T>::count;
  const T* x = p.x + row * p.ldx;
  Lanes<T> chain[n];
  for (int c = 0; c < n; ++c) chain[c] = Lanes<T>(p.bias ? p.bias[c] : T(0));
  const auto add = [&](Lanes<T> column, std::int64_t k) HWY_ATTR {
    for (int c = 0; c < n; ++c) chain[c] = fma(column, Lanes<T>(p.w[k * p.ldw + c]), chain[c]);
  };
  std::int64_t k = 0;
  for (; k + step <= p.k; k += step) {
    // The next rows are too far apart for the hardware prefetcher.
    for (std::int64_t r = 0; r < N / 4; ++r) hwy::Prefetch(x + (N + k / step % 4 * (N / 4) + r) * p.ldx + k);
    hn::Vec<hn::ScalableTag<T>> column[step];
    turn(hn::ScalableTag<T>(), x + k, p.ldx, column);
    HWY_UNROLL(4)
    for (int i = 0; i < step; ++i) add(Lanes<T>(column[i]), k + i);
  }
  HWY_ALIGN T lane[HWY_LANES(T)];
  for (; k < p.k; ++k) {
    for (std::int64_t r = 0; r < N; ++r) lane[r] = x[r * p.ldx + k];
    add(Whole<T>().load(lane), k);
  }
  z += row * p.ldy;
  for (int c = 0; c < n; ++c) {
    if (p.ldy == 1) return Whole<T>().store(chain[c], z);
    Whole<T>().store(chain[c], lane);
    for (std::int64_t r = 0; r < N; ++r) z[r * p.ldy + c] = lane[r];
  }
}

template <int n, class T>
HWY_FLATTEN void narrow_product(const Product<T>& given) noexcept {
  const Product<T> p = given;
  constexpr std::int64_t N = Lanes<T>::count;
  T* z = p.z ? p.z : p.y;
  for (std::int64_t row = 0; row < p.m; row += N) narrow_rows<n>(p, std::min(row, p.m - N), z);
}

}  // namespace

template <class T>
void product_narrow(const Product<T>& p) noexcept {
  using Run = void (*)(const Product<T>&) noexcept;
  constexpr Run run[] = {&narrow_product<1, T>, &narrow_product<2, T>, &narrow_product<3, T>, &narrow_product<4, T>};
  run[p.n - 1](p);
  const T* z = p.z ? p.z : p.y;
  if (p.epilogue.activation >= 0) {
    activate_rows(p.epilogue, p.m, p.n, z, p.ldy, p.y, p.ldy);
  } else if (p.z) {
    for (std::int64_t r = 0; r < p.m; ++r) std::copy_n(z + r * p.ldy, p.n, p.y + r * p.ldy);
  }
}

template <class T>
void column_gradient(const ProductTransposed<T>& p) noexcept {
  constexpr std::int64_t block = 64, N = Lanes<T>::count, width = 8 * N;
  std::int64_t row = 0;
  do {
    const std::int64_t steps = std::min(block, p.m - row);
    const T* d = p.d + row * p.ldd;
    const bool add = p.add || row > 0;
    const auto tile = [&](std::int64_t k, std::int64_t columns) noexcept {
      return Tile<T>{steps, d, p.ldd, p.x + row * p.ldx + k, p.ldx, add ? p.c + k : nullptr, 0, p.c + k, 0, columns};
    };
    std::int64_t k = 0;
    for (; k + width <= p.k; k += width) run_whole<1, 8, true>(tile(k, width));
    for (; k < p.k; k += Panel<T>::width) {
      const std::int64_t columns = std::min(Panel<T>::width, p.k - k);
      tile_for<true, T>(1, columns)(tile(k, columns));
    }
    row += steps;
  } while (row < p.m);
}

template void product_narrow(const Product<float>&) noexcept;
template void product_narrow(const Product<double>&) noexcept;
template void column_gradient(const ProductTransposed<float>&) noexcept;
template void column_gradient(const ProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
