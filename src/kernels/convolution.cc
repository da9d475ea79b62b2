// y = f(bias + Σ over the taps of x · w) for each pixel: tiles of neighbouring pixels read x in place, because the
// pixels of a row are equally far apart; a panel of w is copied and stays in L1. Not here: the tile
// (kernels/taps-inl.h), the gradient of w (kernels/convolution_gradient.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/convolution.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/taps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

/// Numbers of y that are computed together, so that they stay in the cache while the panels of w are processed.
inline constexpr std::int64_t together = 8192;

/// The rows [first, end) of the grid, counted over all pictures.
template <class T>
struct Rows {
  const Convolution<T>& p;
  std::int64_t first, end;

  template <class Body>
  HWY_INLINE void each_row(Body body) const noexcept {
    for (std::int64_t i = first; i < end; ++i) {
      const std::int64_t picture = i / p.grid.rows, row = i % p.grid.rows;
      body(row, picture * p.x_steps.picture + row * p.x_steps.row, picture * p.y_steps.picture + row * p.y_steps.row);
    }
  }

  /// The sums of the outputs [c, c + columns).
  void sums(std::int64_t c, std::int64_t columns) const noexcept {
    T* const out = (p.z ? p.z : p.y) + c;
    Panel<T> panel;
    const Taps& t = p.taps;
    Blocks blocks(t.rows * t.columns, t.depth, 1, p.ldw, [&t](std::int64_t tap) {
      const std::int64_t r = tap / t.columns, k = tap % t.columns;
      return Run{r * t.x_row + k * t.x_column, r * t.w_row + k * t.w_column};
    });
    bool begun = false;
    for (bool more = blocks.next(); more || !begun; begun = true) {  // without taps, one empty block
      copy_runs(blocks.begin(), blocks.end(), columns, p.w + c, p.ldw, panel.data());
      const std::int64_t ld = p.y_steps.pixel;
      each_row([&](std::int64_t row, std::int64_t x, std::int64_t y) {
        const Run *run = blocks.begin(), *end = blocks.end();
        const T* w = panel.data();
        for (; run != end && !p.rows.has(row, run->item / t.columns); ++run) w += run->steps * Panel<T>::width;
        while (run != end && !p.rows.has(row, (end - 1)->item / t.columns)) --end;
        if (run == end && begun) return;
        each_tile(p.grid.columns, most_rows<false>, [&](std::int64_t pixel, std::int64_t pixels) {
          T* to = out + y + pixel * ld;
          const T* start = begun ? to : p.bias ? p.bias + c : nullptr;
          const Tile<T> tile{
              0, p.x + x + pixel * p.x_steps.pixel, p.x_steps.pixel, w, 0, start, begun ? ld : 0, to, ld, columns};
          runs_tile_for<false, T>(pixels, columns)({tile, run, end});
        });
      });
      more = blocks.next();
    }
  }

  /// Applies the activation to the complete sums.
  void finish() const noexcept {
    const std::int64_t ld = p.y_steps.pixel, pixels = p.grid.columns;
    each_row([&](std::int64_t, std::int64_t, std::int64_t y) {
      const T* z = (p.z ? p.z : p.y) + y;
      if (p.epilogue.activation >= 0) {
        activate_rows(p.epilogue, pixels, p.n, z, ld, p.y + y, ld);
      } else if (p.z) {
        for (std::int64_t i = 0; i < pixels; ++i) std::copy_n(z + i * ld, p.n, p.y + y + i * ld);
      }
    });
  }
};

}  // namespace

template <class T>
void convolution(const Convolution<T>& p) noexcept {
  const std::int64_t rows = p.grid.pictures * p.grid.rows, row_size = p.grid.columns * p.n;
  if (rows * row_size == 0) return;
  const std::int64_t block = std::max<std::int64_t>(1, together / row_size);
  for (std::int64_t first = 0; first < rows; first += block) {
    const Rows<T> part{p, first, std::min(rows, first + block)};
    for (std::int64_t c = 0; c < p.n; c += Panel<T>::width) part.sums(c, std::min(Panel<T>::width, p.n - c));
    part.finish();
  }
}

template void convolution(const Convolution<float>&) noexcept;
template void convolution(const Convolution<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
