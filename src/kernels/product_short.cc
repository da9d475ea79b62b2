// y = f(bias + x · w) where chains are short and w fits L1: all columns of a few rows, then of the next rows.
// Not here: the tile (kernels/tile-inl.h), longer chains (kernels/product.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_short.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

namespace {

/// w as panels with contiguous rows; read in place if there are few rows in the batch.
template <class T>
class Panels {
 public:
  explicit Panels(const Product<T>& p) noexcept : p_(p), packed_(p.w_transposed || p.m >= 8 * most_rows<false>) {
    for (std::int64_t c = 0; packed_ && c < p.n; c += width) {
      const std::int64_t columns = std::min(width, p.n - c);
      T* to = data_ + c * p.k;
      if (p.w_transposed) {
        transpose(columns, p.k, p.w + c * p.ldw, p.ldw, to, width);
      } else {
        copy_rows(p.k, columns, p.w + c, p.ldw, to, width);
      }
    }
  }
  static constexpr std::int64_t width = Panel<T>::width;
  const T* at(std::int64_t c) const noexcept { return packed_ ? data_ + c * p_.k : p_.w + c; }
  std::int64_t ld() const noexcept { return packed_ ? width : p_.ldw; }

 private:
  const Product<T>& p_;
  bool packed_;
  HWY_ALIGN T data_[short_weights];
};

}  // namespace

template <class T>
bool is_short(const Product<T>& p) noexcept {
  constexpr std::int64_t width = Panel<T>::width;
  return p.m > 3 && p.n > 0 && p.k > 0 && p.k <= panel_depth &&
         (p.n + width - 1) / width * width * p.k <= short_weights;
}

template <class T>
void product_short(const Product<T>& p) noexcept {
  constexpr std::int64_t width = Panel<T>::width, R = most_rows<false>;
  const Panels<T> w(p);
  // The number of rows whose activations are computed together: their sums stay in L1.
  const std::int64_t most = std::max<std::int64_t>(R, short_weights / 2 / p.n / R * R);
  for (std::int64_t first = 0; first < p.m; first += most) {
    const std::int64_t rows = std::min(most, p.m - first);
    const T* x = p.x + first * p.ldx;
    T *y = p.y + first * p.ldy, *z = p.z ? p.z + first * p.ldy : y;
    each_tile(rows, R, [&](std::int64_t row, std::int64_t height) {
      for (std::int64_t c = 0; c < p.n; c += width) {
        const std::int64_t columns = std::min(width, p.n - c);
        tile_for<false, T>(height, columns)({p.k, x + row * p.ldx, p.ldx, w.at(c), w.ld(),
                                             p.bias ? p.bias + c : nullptr, 0, z + row * p.ldy + c, p.ldy, columns});
      }
    });
    if (p.epilogue.activation >= 0) {
      activate_rows(p.epilogue, rows, p.n, z, p.ldy, y, p.ldy);
    } else if (z != y) {
      for (std::int64_t r = 0; r < rows; ++r) std::copy_n(z + r * p.ldy, p.n, y + r * p.ldy);
    }
  }
}

template bool is_short(const Product<float>&) noexcept;
template bool is_short(const Product<double>&) noexcept;
template void product_short(const Product<float>&) noexcept;
template void product_short(const Product<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
