// The optimizer's step inside xᵀ · d: a gradient that goes into the weights straight from the registers or from L1.
// Not here: the tile itself (tile-inl.h), the step on one vector (update-inl.h), a gradient that is stored
// (product_transposed.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_update.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "optimizers/formulas.inc"

/// One panel of d, as wide as a whole tile, and the weights it changes: rows [0, rows), a multiple of a tile's.
template <class T>
struct WholeTiles {
  std::int64_t depth, rows;
  const T* x;
  std::int64_t ldx;
  const T* d;
  std::int64_t ldd;
  const Update<T>& update;
  std::int64_t ldw;
};

template <class T>
using RunWholeTiles = void (*)(const WholeTiles<T>&) noexcept;

template <class T, class Rule>
HWY_FLATTEN void whole_tiles(const WholeTiles<T>& given) noexcept {
  constexpr int R = most_rows<true>, C = panel_vectors, N = Lanes<T>::count;
  const WholeTiles<T> t = given;
  with_stepper<T, Rule>(t.update, [&](auto stepper) HWY_ATTR {
    for (std::int64_t k = 0; k < t.rows; k += R) {
      for (int r = 0; r < R; ++r) {
        for (int c = 0; c < C; ++c) stepper.prefetch((k + r) * t.ldw + c * N);
      }
      Lanes<T> chain[R][C];
      sum_tile<R, C, true>(Tile<T>{t.depth, t.x + k, t.ldx, t.d, t.ldd, nullptr, 0, nullptr, 0, C * N}, Whole<T>(),
                           chain);
      HWY_UNROLL(16)
      for (int r = 0; r < R; ++r) {
        HWY_UNROLL(8)
        for (int c = 0; c < C; ++c) stepper.step(Whole<T>(), (k + r) * t.ldw + c * N, chain[r][c]);
      }
    }
  });
}

#define PELLUCID_KIND(Type, name) &whole_tiles<T, Type>,
template <class T>
constexpr RunWholeTiles<T> run_whole_tiles[] = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

/// The same step from row k and column c of the weights on.
template <class T>
Update<T> from(const ProductTransposed<T>& p, std::int64_t k, std::int64_t c) noexcept {
  Update<T> update = p.update;
  const std::int64_t at = k * p.ldc + c;
  update.w += at;
  for (T*& slot : update.slots) slot += slot ? at : 0;
  return update;
}

inline constexpr std::int64_t part_rows = 8 * most_rows<true>;  ///< of a gradient in L1: 12 KiB with AVX-512

/// The gradient of rows [first, p.k) of the weights made in L1, part by part, then the step.
template <class T>
void update_from_l1(const ProductTransposed<T>& p, std::int64_t first, std::int64_t c, std::int64_t columns, const T* d,
                    std::int64_t ldd) noexcept {
  HWY_ALIGN T sums[part_rows * Panel<T>::width];
  for (std::int64_t k = first; k < p.k; k += part_rows) {
    const std::int64_t rows = std::min(part_rows, p.k - k);
    product_transposed(ProductTransposed<T>{p.m, columns, rows, p.x + k, p.ldx, d, ldd, sums, columns});
    update_block(from(p, k, c), rows, columns, sums, columns, p.ldc);
  }
}

/// A batch no deeper than a panel of d: whole tiles go from the registers into the weights.
template <class T>
void update_by_panels(const ProductTransposed<T>& p) noexcept {
  constexpr std::int64_t width = Panel<T>::width;
  const bool copied = p.k >= 4 * most_rows<true>;
  Panel<T> panel;
  for (std::int64_t c = 0; c < p.n; c += width) {
    const std::int64_t columns = std::min(width, p.n - c);
    if (copied) panel.copy(p.m, columns, p.d + c, p.ldd);
    const T* d = copied ? panel.data() : p.d + c;
    const std::int64_t ldd = copied ? width : p.ldd, rows = columns < width ? 0 : p.k - p.k % most_rows<true>;
    run_whole_tiles<T>[p.update.rule]({p.m, rows, p.x, p.ldx, d, ldd, from(p, 0, c), p.ldc});
    update_from_l1(p, rows, c, columns, d, ldd);
  }
}

}  // namespace

template <class T>
void product_update(const ProductTransposed<T>& p) noexcept {
  constexpr std::int64_t width = Panel<T>::width;
  if (p.n >= width && p.m <= panel_depth) return update_by_panels(p);
  for (std::int64_t c = 0; c < p.n; c += width) update_from_l1(p, 0, c, std::min(width, p.n - c), p.d + c, p.ldd);
}

template void product_update(const ProductTransposed<float>&) noexcept;
template void product_update(const ProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
