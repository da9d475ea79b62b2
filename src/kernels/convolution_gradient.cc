// c += Σ over the pixels of x · d, the gradient of a convolution's weights. A chain runs through the pixels; a panel of
// d for some hundred pixels is copied and stays in L1. Not here: the tile (kernels/taps-inl.h), the convolution itself
// (kernels/convolution.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/convolution_gradient.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/taps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

/// Continues the sums of the outputs [c, c + columns) with one block of pixels. add: whether they have begun.
template <class T>
void sums(const ConvolutionGradient<T>& p, std::int64_t c, std::int64_t columns, const Run* begin, const Run* end,
          const T* panel, bool add) noexcept {
  const Taps& t = p.taps;
  for (std::int64_t tap = 0; tap < t.rows * t.columns; ++tap) {
    const std::int64_t r = tap / t.columns, k = tap % t.columns;
    const T* x = p.x + r * t.x_row + k * t.x_column;
    T* const to = p.c + r * t.w_row + k * t.w_column + c;
    each_tile(t.depth, most_rows<true>, [&](std::int64_t i, std::int64_t rows) {
      T* out = to + i * p.ldc;
      const Tile<T> tile{0, x + i, p.x_steps.pixel, panel, 0, add ? out : nullptr, p.ldc, out, p.ldc, columns};
      runs_tile_for<true, T>(rows, columns)({tile, begin, end});
    });
  }
}

}  // namespace

template <class T>
void convolution_gradient(const ConvolutionGradient<T>& p) noexcept {
  Panel<T> panel;
  Blocks blocks(p.grid.pictures * p.grid.rows, p.grid.columns, p.x_steps.pixel, p.d_steps.pixel, [&p](std::int64_t i) {
    const std::int64_t picture = i / p.grid.rows, row = i % p.grid.rows;
    return Run{picture * p.x_steps.picture + row * p.x_steps.row, picture * p.d_steps.picture + row * p.d_steps.row};
  });
  bool begun = p.add;
  for (bool more = blocks.next(); more || !begun; begun = true) {  // without pixels, one empty block
    for (std::int64_t c = 0; c < p.n; c += Panel<T>::width) {
      const std::int64_t columns = std::min(Panel<T>::width, p.n - c);
      copy_runs(blocks.begin(), blocks.end(), columns, p.d + c, p.d_steps.pixel, panel.data());
      sums(p, c, columns, blocks.begin(), blocks.end(), panel.data(), begun);
    }
    more = blocks.next();
  }
}

template void convolution_gradient(const ConvolutionGradient<float>&) noexcept;
template void convolution_gradient(const ConvolutionGradient<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
