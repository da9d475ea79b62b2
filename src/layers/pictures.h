// What the layers for pictures share: shapes of pictures, windows that move over them, their settings as text.
// Not here: the layers (conv2d.cc, max_pool2d.cc, average_pool2d.cc, global_average_pool2d.cc).
#pragma once

#include "kernels/kernels.h"
#include "pellucid/picture_layers.h"

namespace pellucid {

/// Largest kernel, stride, dilation and padding.
inline constexpr std::int64_t most_pixels = 4096;

struct Picture {
  std::int64_t height, width, channels;
};

/// The picture that a layer reads. Throws U20 unless there is one input of the shape height x width (x channels).
Picture only_picture(std::span<const Shape> inputs, std::string_view kind);

/// How a window moves along one axis.
struct WindowAxis {
  std::int64_t window, stride, dilation;
  std::int64_t before, after;  ///< pixels added at the beginning and end
  std::int64_t in, out;        ///< pixels, windows

  std::int64_t padded() const noexcept { return before + in + after; }
};

struct Windows {
  WindowAxis y, x;
};

/// Throws U20 if the window is larger than the picture.
Windows windows_over(const Picture& picture, PixelSize window, PixelSize stride, PixelSize dilation,
                     const std::string& padding, std::string_view kind);

/// Describes a size as a text such as 3x3. low: smallest allowed value. Throws U12.
void describe_size(Fields& fields, const FieldInfo& info, PixelSize& size, std::int64_t low, std::string_view kind);
/// Describes a padding. Throws U12 unless it is same, valid or a number.
void describe_padding(Fields& fields, std::string& padding, std::string_view kind);

/// The shape and the windows of a pooling layer.
struct PoolShape {
  Picture picture;
  Windows windows;
  /// Operations per picture.
  double operations() const noexcept {
    return static_cast<double>(windows.y.out * windows.x.out * windows.y.window * windows.x.window * picture.channels);
  }
};
PoolShape pool_shape(std::span<const Shape> inputs, PixelSize window, const Pool2DOptions& options,
                     std::string_view kind);
void describe_pool(Fields& fields, PixelSize& window, Pool2DOptions& options, std::string_view kind);

/// The pooling of the rows [begin, end) of a batch.
template <class T>
Pooling<T> pooling_of(const PoolShape& shape, View<const T> x, View<T> y, std::int64_t begin, std::int64_t end) {
  const WindowAxis &v = shape.windows.y, &h = shape.windows.x;
  return {.grid = {end - begin, v.out, h.out},
          .height = v.in,
          .width = h.in,
          .channels = shape.picture.channels,
          .window_height = v.window,
          .window_width = h.window,
          .stride_y = v.stride,
          .stride_x = h.stride,
          .top = v.before,
          .left = h.before,
          .x = x.row(begin),
          .ldx = x.stride,
          .y = y.row(begin),
          .ldy = y.stride};
}

/// The windows as exports know them.
PictureWindow exported_window(const Picture& picture, const Windows& windows) noexcept;

}  // namespace pellucid
