// c += xᵀ · d, the gradient of a weight matrix: chains run down the rows of the batch.
// Not here: the tile itself (tile-inl.h), x · w (product.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_transposed.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

/// Lanes across d's columns: a panel of d at a time, and under it tiles of x's columns.
template <class T>
void panels_of_d(const ProductTransposed<T>& p) noexcept {
  Panel<T> panel;
  const bool copied = p.k >= 4 * most_rows<true>;
  const std::int64_t depth = copied ? panel_depth : std::max<std::int64_t>(p.m, 1);
  for (std::int64_t c = 0; c < p.n; c += Panel<T>::width) {
    const std::int64_t columns = std::min(Panel<T>::width, p.n - c);
    std::int64_t row = 0;
    do {
      const std::int64_t steps = std::min(depth, p.m - row);
      const T* d = p.d + row * p.ldd + c;
      if (copied) panel.copy(steps, columns, d, p.ldd);
      each_tile(p.k, most_rows<true>, [&](std::int64_t k, std::int64_t rows) {
        T* out = p.c + k * p.ldc + c;
        tile_for<true, T>(rows, columns)({steps, p.x + row * p.ldx + k, p.ldx, copied ? panel.data() : d,
                                          copied ? Panel<T>::width : p.ldd, p.add || row > 0 ? out : nullptr, p.ldc,
                                          out, p.ldc, columns});
      });
      row += steps;
    } while (row < p.m);
  }
}

/// Lanes across x's columns, for a d narrower than a vector: the tile is cᵀ, turned when it is complete.
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
  // Turning costs as much as a few rows.
  const bool narrow = p.n < Lanes<T>::count && p.k >= Lanes<T>::count && (p.n == 1 || p.m >= 64);
  narrow ? panels_of_x(p) : panels_of_d(p);
}

template void product_transposed(const ProductTransposed<float>&) noexcept;
template void product_transposed(const ProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
