// y = f(bias + x · w): panels of columns, cache blocks of depth, tiles of rows.
// Not here: the tile (kernels/tile-inl.h), xᵀ · d (kernels/product_transposed.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/copied-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

/// The columns [first, first + columns) of the whole product.
template <class T>
class ColumnPanel {
 public:
  ColumnPanel(const Product<T>& p, std::int64_t first, std::int64_t columns) noexcept
      : p_(p), first_(first), columns_(columns), out_((p.z ? p.z : p.y) + first) {}

  /// For few rows: reads w in place, in one pass. run: a tile of all rows.
  void run_directly(RunTile<T> run) const noexcept { sums(run, 0, p_.m, 0, p_.k, p_.w + first_, p_.ldw); }

  /// Computes the tiles one below the other. copied: w is copied panel by panel.
  void run_tiles(bool copied) const noexcept {
    Panel<T> panel;
    const std::int64_t depth = copied ? panel_depth : std::max<std::int64_t>(p_.k, 1);
    std::int64_t k = 0;
    do {
      const std::int64_t steps = std::min(depth, p_.k - k);
      const T* w = p_.w_transposed ? p_.w + first_ * p_.ldw + k : p_.w + k * p_.ldw + first_;
      if (p_.w_transposed) {
        transpose(columns_, steps, w, p_.ldw, panel.data(), Panel<T>::width);
      } else if (copied) {
        panel.copy(steps, columns_, w, p_.ldw);
      }
      each_tile(p_.m, most_rows<false>, [&](std::int64_t row, std::int64_t rows) {
        sums(tile_for<false, T>(rows, columns_), row, rows, k, steps, copied ? panel.data() : w,
             copied ? Panel<T>::width : p_.ldw);
      });
      k += steps;
    } while (k < p_.k);
  }

  /// The start values of row 0 at step k: the partial sums, the bias, or null for 0.
  const T* start(std::int64_t k) const noexcept { return k > 0 ? out_ : p_.bias ? p_.bias + first_ : nullptr; }
  T* data() const noexcept { return out_; }

  /// Applies the activation to rows whose sums are complete.
  void finish(std::int64_t row, std::int64_t rows) const noexcept {
    const T* z = out_ + row * p_.ldy;
    T* y = p_.y + row * p_.ldy + first_;
    if (p_.epilogue.activation >= 0) {
      activate_rows(p_.epilogue, rows, columns_, z, p_.ldy, y, p_.ldy);
    } else if (z != y) {
      for (std::int64_t r = 0; r < rows; ++r) std::copy_n(z + r * p_.ldy, columns_, y + r * p_.ldy);
    }
  }

 private:
  /// Continues one tile's chains from step k on; applies the activation when they are complete.
  void sums(RunTile<T> run, std::int64_t row, std::int64_t rows, std::int64_t k, std::int64_t steps, const T* w,
            std::int64_t ldw) const noexcept {
    T* out = out_ + row * p_.ldy;
    const T* begin = start(k);
    if (k > 0) begin += row * p_.ldy;
    run({steps, p_.x + row * p_.ldx + k, p_.ldx, w, ldw, begin, k > 0 ? p_.ldy : 0, out, p_.ldy, columns_});
    if (k + steps == p_.k) finish(row, rows);
  }

  const Product<T>& p_;
  std::int64_t first_, columns_;
  T* out_;
};

/// With up to three rows, a panel of two vectors has too few chains to hide the latency of an addition, so the panels
/// are wider.
template <class T>
std::int64_t wide_panels(const Product<T>& p) noexcept {
  constexpr std::int64_t N = Lanes<T>::count;
  const std::int64_t width = p.m == 1 ? 8 * N : 4 * N;
  const RunTile<T> run[] = {&run_whole<1, 8, false, T>, &run_whole<2, 4, false, T>, &run_whole<3, 4, false, T>};
  std::int64_t c = 0;
  for (; c + width <= p.n; c += width) ColumnPanel<T>(p, c, width).run_directly(run[p.m - 1]);
  return c;
}

/// Computes a block of rows whose x and y stay in L2 while the panels are processed.
template <class T>
void row_block(const Product<T>& p) noexcept {
  const bool copied = p.w_transposed || p.m >= 4 * most_rows<false>;
  std::int64_t c = p.m <= 3 && !p.w_transposed ? wide_panels(p) : 0;
  for (; c < p.n; c += Panel<T>::width) ColumnPanel<T>(p, c, std::min(Panel<T>::width, p.n - c)).run_tiles(copied);
}

/// For many tiles: copies a block of x and panels of w so that a tile reads its operands contiguously.
template <class T>
void copied_block(const Product<T>& p) noexcept {
  constexpr std::int64_t width = WidePanel<T>::width;
  Slivers<T> slivers;
  WidePanel<T> panel;
  std::int64_t k = 0;
  do {
    const std::int64_t steps = std::min(wide_depth, p.k - k);
    slivers.turn(p.m, steps, p.x + k, p.ldx);
    for (std::int64_t c = 0; c < p.n; c += width) {
      const std::int64_t columns = std::min(width, p.n - c);
      p.w_transposed ? panel.turn(steps, columns, p.w + c * p.ldw + k, p.ldw)
                     : panel.copy(steps, columns, p.w + k * p.ldw + c, p.ldw);
      const ColumnPanel<T> out(p, c, columns);
      const bool last = k + steps == p.k;
      const std::int64_t next = std::min(width, p.n - c - columns);
      const Ahead<T> ahead = p.w_transposed ? Ahead<T>{p.w + (c + columns) * p.ldw + k, next, steps, p.ldw}
                                            : Ahead<T>{p.w + k * p.ldw + c + columns, steps, next, p.ldw};
      run_wide_tiles(p.m, steps, columns, slivers, panel, out.start(k), k > 0 ? p.ldy : 0, out.data(), p.ldy, ahead,
                     [&](std::int64_t row, std::int64_t rows) {
                       if (last) out.finish(row, rows);
                     });
    }
    k += steps;
  } while (k < p.k);
}

}  // namespace

template <class T>
void product(const Product<T>& p) noexcept {
  const bool narrow = p.n > 0 && 4 * p.n <= Lanes<T>::count && p.m >= Lanes<T>::count && !p.w_transposed;
  if (narrow) return product_narrow(p);
  const bool one_tile = p.m > 0 && p.m <= most_rows<false> && p.n > 0 && p.n <= Panel<T>::width && !p.w_transposed;
  if (one_tile) return ColumnPanel<T>(p, 0, p.n).run_directly(tile_for<false, T>(p.m, p.n));
  if constexpr (std::is_same_v<T, float>) {
    if (has_zeros_to_skip(p)) return product_skipping(p);
  }
  if (is_short(p)) return product_short(p);
  const bool copied = worth_copying<T>(p.m, p.n);
  each_tile(p.m, copied ? Slivers<T>::most(wide_depth) : 256, [&](std::int64_t row, std::int64_t rows) {
    Product<T> block = p;
    block.m = rows;
    block.x += row * p.ldx;
    block.y += row * p.ldy;
    if (p.z) block.z += row * p.ldy;
    copied ? copied_block(block) : row_block(block);
  });
}

template void product(const Product<float>&) noexcept;
template void product(const Product<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
