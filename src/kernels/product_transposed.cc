// c += xᵀ · d, the gradient of a weight matrix. A chain runs down the rows of the batch.
// Not here: the tile (kernels/tile-inl.h), the fused update (kernels/product_update.cc), x · w (kernels/product.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_transposed.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/copied-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

/// Lanes run across d's columns. Computes all tiles of one panel of d, for the rows [row, row + steps) of the batch.
template <class T>
void tiles_under(const ProductTransposed<T>& p, std::int64_t row, std::int64_t steps, std::int64_t column,
                 std::int64_t columns, const T* d, std::int64_t ldd) noexcept {
  each_tile(p.k, most_rows<true>, [&](std::int64_t k, std::int64_t rows) {
    T* out = p.c + k * p.ldc + column;
    tile_for<true, T>(rows, columns)(
        {steps, p.x + row * p.ldx + k, p.ldx, d, ldd, p.add || row > 0 ? out : nullptr, p.ldc, out, p.ldc, columns});
  });
}

/// For many tiles: copies blocks of x and panels of d so that a tile reads its operands contiguously.
template <class T>
void copied_blocks(const ProductTransposed<T>& p) noexcept {
  constexpr std::int64_t width = WidePanel<T>::width;
  Slivers<T> slivers;
  WidePanel<T> panel;
  each_tile(p.k, Slivers<T>::most(most_depth), [&](std::int64_t k, std::int64_t rows) {
    std::int64_t row = 0;
    do {
      const std::int64_t steps = std::min(most_depth, p.m - row);
      slivers.copy(rows, steps, p.x + row * p.ldx + k, p.ldx);
      for (std::int64_t c = 0; c < p.n; c += width) {
        const std::int64_t columns = std::min(width, p.n - c);
        panel.copy(steps, columns, p.d + row * p.ldd + c, p.ldd);
        T* out = p.c + k * p.ldc + c;
        const Ahead<T> ahead{p.d + row * p.ldd + c + columns, steps, std::min(width, p.n - c - columns), p.ldd};
        run_wide_tiles(rows, steps, columns, slivers, panel, p.add || row > 0 ? out : nullptr, p.ldc, out, p.ldc, ahead,
                       [](std::int64_t, std::int64_t) {});
      }
      row += steps;
    } while (row < p.m);
  });
}

/// For few tiles per panel: reads d in place, a block of whole rows at a time.
template <class T>
void panels_of_d(const ProductTransposed<T>& p) noexcept {
  constexpr std::int64_t block = 64;  // with more rows, a wide d would use more memory pages than the TLB covers
  std::int64_t row = 0;
  do {
    const std::int64_t steps = std::min(block, p.m - row);
    for (std::int64_t c = 0; c < p.n; c += Panel<T>::width) {
      tiles_under(p, row, steps, c, std::min(Panel<T>::width, p.n - c), p.d + row * p.ldd + c, p.ldd);
    }
    row += steps;
  } while (row < p.m);
}

/// Lanes run across x's columns, for a d that is narrower than a vector. The tile is cᵀ and is transposed when
/// complete.
template <class T>
void panels_of_x(const ProductTransposed<T>& p) noexcept {
  constexpr std::int64_t width = Panel<T>::width;
  T turned[most_rows<true> * width];
  for (std::int64_t k = 0; k < p.k; k += width) {
    const std::int64_t columns = std::min(width, p.k - k);
    each_tile(p.n, most_rows<true>, [&](std::int64_t n, std::int64_t rows) {
      T* c = p.c + k * p.ldc + n;
      if (p.add) transpose(columns, rows, c, p.ldc, turned, width);
      tile_for<true, T>(rows, columns)(
          {p.m, p.d + n, p.ldd, p.x + k, p.ldx, p.add ? turned : nullptr, width, turned, width, columns});
      transpose(rows, columns, turned, width, c, p.ldc);
    });
  }
}

}  // namespace

template <class T>
void product_transposed(const ProductTransposed<T>& p) noexcept {
  if (p.update.rule >= 0) return product_update(p);
  if (p.n == 1 && p.ldc == 1) return column_gradient(p);
  if constexpr (std::is_same_v<T, float>) {
    if (has_zeros_to_skip(p)) return gradient_skipping(p);
  }
  // Transposing costs as much as a few rows.
  const bool narrow = p.n < Lanes<T>::count && p.k >= Lanes<T>::count && (p.n == 1 || p.m >= 64);
  if (narrow) return panels_of_x(p);
  p.k >= 4 * wide_rows&& p.n > 2 * WidePanel<T>::width ? copied_blocks(p) : panels_of_d(p);
}

template void product_transposed(const ProductTransposed<float>&) noexcept;
template void product_transposed(const ProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
