// The scalar twin's loops over pictures: convolution, its gradient, pooling.
// Not here: products of matrices (scalar.cc), the vector form of these loops (convolution.cc, pooling.cc).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/kernels.h"

namespace pellucid::scalar {

/// Calls body(picture, row, column) for each pixel of a grid, in order.
template <class Body>
void each_pixel(const Grid& grid, const Body& body) {
  for (std::int64_t picture = 0; picture < grid.pictures; ++picture) {
    for (std::int64_t row = 0; row < grid.rows; ++row) {
      for (std::int64_t column = 0; column < grid.columns; ++column) body(picture, row, column);
    }
  }
}

/// Calls body(offset in x, offset in w) for each number of each tap that is there for this row of the grid, in order.
template <class Body>
void each_tap(const Taps& taps, std::int64_t ldw, const TapRows& rows, std::int64_t row, const Body& body) {
  for (std::int64_t r = 0; r < taps.rows; ++r) {
    if (!rows.has(row, r)) continue;
    for (std::int64_t c = 0; c < taps.columns; ++c) {
      for (std::int64_t i = 0; i < taps.depth; ++i) {
        body(r * taps.x_row + c * taps.x_column + i, r * taps.w_row + c * taps.w_column + i * ldw);
      }
    }
  }
}

inline std::int64_t offset_of(const PixelSteps& steps, std::int64_t picture, std::int64_t row, std::int64_t column) {
  return picture * steps.picture + row * steps.row + column * steps.pixel;
}

/// finish(y): applies the activation to the n sums of one pixel.
template <class T, class Finish>
void convolution_sums(const Convolution<T>& p, const Finish& finish) noexcept {
  each_pixel(p.grid, [&](std::int64_t picture, std::int64_t row, std::int64_t column) {
    const T* x = p.x + offset_of(p.x_steps, picture, row, column);
    const std::int64_t to = offset_of(p.y_steps, picture, row, column);
    for (std::int64_t j = 0; j < p.n; ++j) {
      T chain = p.bias ? p.bias[j] : T(0);
      each_tap(p.taps, p.ldw, p.rows, row,
               [&](std::int64_t at, std::int64_t w) { chain = std::fma(x[at], p.w[w + j], chain); });
      if (p.z) p.z[to + j] = chain;
      p.y[to + j] = chain;
    }
    finish(p.y + to);
  });
}

template <class T>
void convolution_gradient(const ConvolutionGradient<T>& p) noexcept {
  each_tap(p.taps, p.ldc, {}, 0, [&](std::int64_t tap, std::int64_t at) {
    for (std::int64_t j = 0; j < p.n; ++j) {
      T chain = p.add ? p.c[at + j] : T(0);
      each_pixel(p.grid, [&](std::int64_t picture, std::int64_t row, std::int64_t column) {
        const T x = p.x[offset_of(p.x_steps, picture, row, column) + tap];
        chain = std::fma(x, p.d[offset_of(p.d_steps, picture, row, column) + j], chain);
      });
      p.c[at + j] = chain;
    }
  });
}

/// Calls body(picture, number of the window, its pixels) for each window, in order.
template <class T, class Body>
void each_window(const Pooling<T>& p, const Body& body) {
  each_pixel(p.grid, [&](std::int64_t picture, std::int64_t row, std::int64_t column) {
    body(picture, row * p.grid.columns + column, window_of(p, row, column));
  });
}

/// Calls body(pixel) for the pixels of a window, in order.
template <class Body>
void each_pixel_of(const Window& window, std::int64_t width, const Body& body) {
  for (std::int64_t row = window.top; row < window.bottom; ++row) {
    for (std::int64_t column = window.left; column < window.right; ++column) body(row * width + column);
  }
}

/// The first pixel of the window with the largest number in channel c.
template <class T>
std::int64_t largest_pixel(const Pooling<T>& p, const T* x, const Window& window, std::int64_t c) {
  std::int64_t best = window.top * p.width + window.left;
  each_pixel_of(window, p.width, [&](std::int64_t pixel) {
    if (x[pixel * p.channels + c] > x[best * p.channels + c]) best = pixel;
  });
  return best;
}

template <class T>
void max_pool(const Pooling<T>& p) noexcept {
  each_window(p, [&](std::int64_t picture, std::int64_t number, const Window& window) {
    const T* x = p.x + picture * p.ldx;
    for (std::int64_t c = 0; c < p.channels; ++c) {
      const std::int64_t best = largest_pixel(p, x, window, c);
      p.y[picture * p.ldy + number * p.channels + c] = x[best * p.channels + c];
    }
  });
}

template <class T>
void clear_dx(const PoolingGradient<T>& p) {
  const Pooling<T>& f = p.forward;
  for (std::int64_t picture = 0; picture < f.grid.pictures; ++picture) {
    std::fill_n(p.dx + picture * p.lddx, f.height * f.width * f.channels, T(0));
  }
}

template <class T>
void max_pool_gradient(const PoolingGradient<T>& p) noexcept {
  const Pooling<T>& f = p.forward;
  clear_dx(p);
  each_window(f, [&](std::int64_t picture, std::int64_t number, const Window& window) {
    for (std::int64_t c = 0; c < f.channels; ++c) {
      const std::int64_t best = largest_pixel(f, f.x + picture * f.ldx, window, c);
      p.dx[picture * p.lddx + best * f.channels + c] += p.dy[picture * p.lddy + number * f.channels + c];
    }
  });
}

/// 1 / number of pixels in the window.
template <class T>
T share_of(const Window& window) noexcept {
  return T(1) / static_cast<T>((window.bottom - window.top) * (window.right - window.left));
}

template <class T>
void average_pool(const Pooling<T>& p) noexcept {
  each_window(p, [&](std::int64_t picture, std::int64_t number, const Window& window) {
    for (std::int64_t c = 0; c < p.channels; ++c) {
      T sum = 0;
      each_pixel_of(window, p.width, [&](std::int64_t pixel) { sum += p.x[picture * p.ldx + pixel * p.channels + c]; });
      p.y[picture * p.ldy + number * p.channels + c] = sum * share_of<T>(window);
    }
  });
}

template <class T>
void average_pool_gradient(const PoolingGradient<T>& p) noexcept {
  const Pooling<T>& f = p.forward;
  clear_dx(p);
  each_window(f, [&](std::int64_t picture, std::int64_t number, const Window& window) {
    for (std::int64_t c = 0; c < f.channels; ++c) {
      const T share = p.dy[picture * p.lddy + number * f.channels + c] * share_of<T>(window);
      each_pixel_of(window, f.width,
                    [&](std::int64_t pixel) { p.dx[picture * p.lddx + pixel * f.channels + c] += share; });
    }
  });
}

}  // namespace pellucid::scalar
