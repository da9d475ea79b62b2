// y = f(bias + x · w) where w has a few columns only: lanes across the rows of the batch, x turned panel by panel.
// Not here: the tile itself (tile-inl.h), wider products (product.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_narrow.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

/// The sums of a panel of rows are made as zᵀ[n,rows], turned when they are complete.
template <class T>
void product_narrow(const Product<T>& p) noexcept {
  constexpr std::int64_t width = Panel<T>::width;
  Panel<T> panel;
  HWY_ALIGN T turned[most_rows<true> * width];
  for (std::int64_t row = 0; row < p.m; row += width) {
    const std::int64_t rows = std::min(width, p.m - row);
    for (std::int64_t c = 0; c < p.n; ++c) std::fill_n(turned + c * width, width, p.bias ? p.bias[c] : T(0));
    for (std::int64_t k = 0; k < p.k; k += panel_depth) {
      const std::int64_t steps = std::min(panel_depth, p.k - k);
      transpose(rows, steps, p.x + row * p.ldx + k, p.ldx, panel.data(), width);
      tile_for<true, T>(p.n,
                        rows)({steps, p.w + k * p.ldw, p.ldw, panel.data(), width, turned, width, turned, width, rows});
    }
    T* y = p.y + row * p.ldy;
    T* z = p.z ? p.z + row * p.ldy : y;
    transpose(p.n, rows, turned, width, z, p.ldy);
    if (p.epilogue.activation >= 0) {
      activate_rows(p.epilogue, rows, p.n, z, p.ldy, y, p.ldy);
    } else if (z != y) {
      for (std::int64_t r = 0; r < rows; ++r) std::copy_n(z + r * p.ldy, p.n, y + r * p.ldy);
    }
  }
}

template void product_narrow(const Product<float>&) noexcept;
template void product_narrow(const Product<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
