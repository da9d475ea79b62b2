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

}  // namespace

template <class T>
HWY_FLATTEN void max_pool(const Pooling<T>& p) noexcept {
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
  clear_dx(p);
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
