// Pooling: lanes run across the channels of a pixel.
// Not here: the mean of a whole picture (layers/global_average_pool2d.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/pooling.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <algorithm>

#include "kernels/parts-inl.h"
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

/// Calls body(picture, offset of the window's number in y, window) for each window, in order.
template <class T, class Body>
HWY_INLINE void each_window(const Pooling<T>& p, Body body) noexcept {
  for (std::int64_t picture = 0; picture < p.grid.pictures; ++picture) {
    for (std::int64_t row = 0; row < p.grid.rows; ++row) {
      for (std::int64_t column = 0; column < p.grid.columns; ++column) {
        body(picture, (row * p.grid.columns + column) * p.channels, window_of(p, row, column));
      }
    }
  }
}

/// Calls body(offset of the pixel in a picture) for the pixels of a window, in order.
template <class T, class Body>
HWY_INLINE void each_pixel(const Pooling<T>& p, const Window& window, Body body) noexcept {
  for (std::int64_t row = window.top; row < window.bottom; ++row) {
    for (std::int64_t column = window.left; column < window.right; ++column) {
      body((row * p.width + column) * p.channels);
    }
  }
}

template <class T>
void clear_dx(const PoolingGradient<T>& p) noexcept {
  const Pooling<T>& f = p.forward;
  for (std::int64_t picture = 0; picture < f.grid.pictures; ++picture) {
    std::fill_n(p.dx + picture * p.lddx, f.height * f.width * f.channels, T(0));
  }
}

/// 1 / number of pixels in the window.
template <class T>
T share_of(const Window& window) noexcept {
  return T(1) / static_cast<T>((window.bottom - window.top) * (window.right - window.left));
}

/// Whether all windows are 2 x 2 pixels of the picture that no other window has.
template <class T>
bool has_small_windows(const Pooling<T>& p) noexcept {
  return p.window_height == 2 && p.window_width == 2 && p.stride_y == 2 && p.stride_x == 2 && p.top == 0 &&
         p.left == 0 && 2 * p.grid.rows <= p.height && 2 * p.grid.columns <= p.width;
}

/// Calls body(first pixel of the window in a picture's x, offset of its number in y, picture) for 2 x 2 windows.
template <class T, class Body>
HWY_INLINE void each_small_window(const Pooling<T>& p, Body body) noexcept {
  for (std::int64_t picture = 0; picture < p.grid.pictures; ++picture) {
    for (std::int64_t row = 0, at = 0; row < p.grid.rows; ++row) {
      std::int64_t pixel = 2 * row * p.width * p.channels;
      for (std::int64_t column = 0; column < p.grid.columns; ++column, at += p.channels, pixel += 2 * p.channels) {
        body(pixel, at, picture);
      }
    }
  }
}

template <class T>
HWY_FLATTEN void small_max_pool(const Pooling<T>& given) noexcept {
  const Pooling<T> p = given;
  const std::int64_t below = p.width * p.channels;
  each_small_window(p, [&](std::int64_t pixel, std::int64_t at, std::int64_t picture) HWY_ATTR {
    const T* x = p.x + picture * p.ldx + pixel;
    T* y = p.y + picture * p.ldy + at;
    each<T>(p.channels, [&](auto io, std::int64_t c) HWY_ATTR {
      Lanes<T> best = io.load(x + c);
      for (const std::int64_t next : {p.channels, below, below + p.channels}) {
        const Lanes<T> other = io.load(x + next + c);
        best = select(other > best, other, best);
      }
      io.store(best, y + c);
    });
  });
}

template <class T>
HWY_FLATTEN void small_max_pool_gradient(const PoolingGradient<T>& given) noexcept {
  const PoolingGradient<T> p = given;
  const Pooling<T>& f = p.forward;
  const std::int64_t right = f.channels, below = f.width * f.channels;
  const Lanes<T> none(0.0);
  each_small_window(f, [&](std::int64_t pixel, std::int64_t at, std::int64_t picture) HWY_ATTR {
    const T* x = f.x + picture * f.ldx + pixel;
    const T* dy = p.dy + picture * p.lddy + at;
    T* dx = p.dx + picture * p.lddx + pixel;
    each<T>(f.channels, [&](auto io, std::int64_t c) HWY_ATTR {
      const Lanes<T> whole = none + io.load(dy + c);
      const Lanes<T> x0 = io.load(x + c), x1 = io.load(x + right + c), x2 = io.load(x + below + c);
      const Lanes<T> x3 = io.load(x + below + right + c);
      const auto second = x1 > x0;
      const Lanes<T> upper = select(second, x1, x0);
      const auto third = x2 > upper;
      const Lanes<T> three = select(third, x2, upper);
      const auto fourth = x3 > three;
      const Lanes<T> rest = select(fourth, none, whole), top = select(third, none, rest);
      io.store(select(second, none, top), dx + c);
      io.store(select(second, top, none), dx + right + c);
      io.store(select(third, rest, none), dx + below + c);
      io.store(select(fourth, whole, none), dx + below + right + c);
    });
  });
}

}  // namespace

template <class T>
HWY_FLATTEN void max_pool(const Pooling<T>& p) noexcept {
  if (has_small_windows(p)) return small_max_pool(p);
  each_window(p, [&](std::int64_t picture, std::int64_t at, const Window& window) HWY_ATTR {
    const T* x = p.x + picture * p.ldx;
    T* y = p.y + picture * p.ldy + at;
    each<T>(p.channels, [&](auto io, std::int64_t c) HWY_ATTR {
      Lanes<T> best = io.load(x + (window.top * p.width + window.left) * p.channels + c);
      each_pixel(p, window, [&](std::int64_t pixel) HWY_ATTR {
        const Lanes<T> other = io.load(x + pixel + c);
        best = select(other > best, other, best);
      });
      io.store(best, y + c);
    });
  });
}

template <class T>
HWY_FLATTEN void max_pool_gradient(const PoolingGradient<T>& p) noexcept {
  const Pooling<T>& f = p.forward;
  const bool small = has_small_windows(f);
  if (!small || 2 * f.grid.rows < f.height || 2 * f.grid.columns < f.width) clear_dx(p);
  if (small) return small_max_pool_gradient(p);
  each_window(f, [&](std::int64_t picture, std::int64_t at, const Window& window) HWY_ATTR {
    const T* x = f.x + picture * f.ldx;
    const T* dy = p.dy + picture * p.lddy + at;
    T* dx = p.dx + picture * p.lddx;
    each<T>(f.channels, [&](auto io, std::int64_t c) HWY_ATTR {
      Lanes<T> best = io.load(x + (window.top * f.width + window.left) * f.channels + c), best_number(0.0);
      double number = 0;
      each_pixel(f, window, [&](std::int64_t pixel) HWY_ATTR {
        const Lanes<T> other = io.load(x + pixel + c);
        best_number = select(other > best, Lanes<T>(number), best_number);
        best = select(other > best, other, best);
        ++number;
      });
      const Lanes<T> share = io.load(dy + c);
      number = 0;
      each_pixel(f, window, [&](std::int64_t pixel) HWY_ATTR {
        const Lanes<T> before = io.load(dx + pixel + c);
        io.store(select(best_number == Lanes<T>(number), before + share, before), dx + pixel + c);
        ++number;
      });
    });
  });
}

template <class T>
HWY_FLATTEN void average_pool(const Pooling<T>& p) noexcept {
  each_window(p, [&](std::int64_t picture, std::int64_t at, const Window& window) HWY_ATTR {
    const T* x = p.x + picture * p.ldx;
    T* y = p.y + picture * p.ldy + at;
    const Lanes<T> share(share_of<T>(window));
    each<T>(p.channels, [&](auto io, std::int64_t c) HWY_ATTR {
      Lanes<T> sum(0.0);
      each_pixel(p, window, [&](std::int64_t pixel) HWY_ATTR { sum = sum + io.load(x + pixel + c); });
      io.store(sum * share, y + c);
    });
  });
}

template <class T>
HWY_FLATTEN void average_pool_gradient(const PoolingGradient<T>& p) noexcept {
  const Pooling<T>& f = p.forward;
  clear_dx(p);
  each_window(f, [&](std::int64_t picture, std::int64_t at, const Window& window) HWY_ATTR {
    const T* dy = p.dy + picture * p.lddy + at;
    T* dx = p.dx + picture * p.lddx;
    const Lanes<T> share(share_of<T>(window));
    each<T>(f.channels, [&](auto io, std::int64_t c) HWY_ATTR {
      const Lanes<T> part = io.load(dy + c) * share;
      each_pixel(f, window,
                 [&](std::int64_t pixel) HWY_ATTR { io.store(io.load(dx + pixel + c) + part, dx + pixel + c); });
    });
  });
}

#define PELLUCID_POOLING(T)                                            \
  template void max_pool(const Pooling<T>&) noexcept;                  \
  template void max_pool_gradient(const PoolingGradient<T>&) noexcept; \
  template void average_pool(const Pooling<T>&) noexcept;              \
  template void average_pool_gradient(const PoolingGradient<T>&) noexcept;
PELLUCID_POOLING(float)
PELLUCID_POOLING(double)
#undef PELLUCID_POOLING

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
