// What the layers for pictures share: shapes of pictures, windows that move over them, their settings as text.
// Not here: the layers (conv2d.cc, max_pool2d.cc, average_pool2d.cc, global_average_pool2d.cc).
#include "layers/pictures.h"

#include "layers/elements.h"

namespace pellucid {
namespace {

std::string size_text(PixelSize size) {
  return std::to_string(size.height) + "x" + std::to_string(size.width);
}

[[noreturn]] void refuse_setting(std::string_view kind, const std::string& takes, const std::string& got) {
  throw Error("U12", "layer " + std::string(kind) + ": " + takes + ", got " + quote(got));
}

// The number of pixels that a padding adds at each side; -1 for same.
std::int64_t pixels_of(const std::string& padding, std::string_view kind) {
  if (padding == "same") return -1;
  if (padding == "valid") return 0;
  std::int64_t pixels = 0;
  if (parse_integer(padding, pixels) && pixels >= 0 && pixels <= most_pixels) return pixels;
  refuse_setting(kind, "padding takes same, valid or a number of pixels from 0 on", padding);
}

WindowAxis axis_of(std::int64_t in, std::int64_t window, std::int64_t stride, std::int64_t dilation,
                   std::int64_t pixels) {
  const std::int64_t span = (window - 1) * dilation + 1;
  const std::int64_t same = std::max<std::int64_t>(0, ((in + stride - 1) / stride - 1) * stride + span - in);
  const std::int64_t before = pixels < 0 ? same / 2 : pixels, after = pixels < 0 ? same - same / 2 : pixels;
  const std::int64_t room = before + in + after - span;
  return {window, stride, dilation, before, after, in, room < 0 ? 0 : room / stride + 1};
}

}  // namespace

Picture only_picture(std::span<const Shape> inputs, std::string_view kind) {
  const Shape& shape = only_input(inputs, kind);
  if ((shape.rank() == 2 || shape.rank() == 3) && shape.elements() > 0) {
    return {shape[0], shape[1], shape.rank() == 3 ? shape[2] : 1};
  }
  throw Error("U20",
              "layer " + std::string(kind) +
                  " reads pictures of the shape height x width x channels, its input has the shape " + shape.text(),
              {"put a reshape layer in front of it that says which picture the " + plural(shape.elements(), "number") +
               " are: Reshape{Shape{28, 28, 1}} for 784 numbers"});
}

Windows windows_over(const Picture& picture, PixelSize window, PixelSize stride, PixelSize dilation,
                     const std::string& padding, std::string_view kind) {
  const std::int64_t pixels = pixels_of(padding, kind);
  const Windows all{axis_of(picture.height, window.height, stride.height, dilation.height, pixels),
                    axis_of(picture.width, window.width, stride.width, dilation.width, pixels)};
  if (all.y.out > 0 && all.x.out > 0) return all;
  const PixelSize span{(window.height - 1) * dilation.height + 1, (window.width - 1) * dilation.width + 1};
  throw Error("U20",
              "layer " + std::string(kind) + " has windows of " + size_text(span) +
                  " pixels, its input has pictures of " + size_text({picture.height, picture.width}) + " pixels",
              {"padding \"same\" makes room for them", "leave out a pooling layer or a stride before it"});
}

void describe_size(Fields& fields, const FieldInfo& info, PixelSize& size, std::int64_t low, std::string_view kind) {
  std::string text = size_text(size);
  const std::string before = text;
  fields.field(info, text);
  const auto check = [&](const PixelSize& s) {
    if (std::min(s.height, s.width) >= low && std::max(s.height, s.width) <= most_pixels) return;
    refuse_setting(kind,
                   std::string(info.name) + " takes numbers from " + std::to_string(low) + " to " +
                       std::to_string(most_pixels) + ", such as 3 or 3x5",
                   text);
  };
  if (text != before) {
    const std::vector<std::string> parts = split_text(text, 'x');
    PixelSize read;
    if (parts.size() > 2 || !parse_integer(parts.front(), read.height) || !parse_integer(parts.back(), read.width)) {
      read = -1;
    }
    check(read);
    size = read;
  }
  check(size);
}

void describe_padding(Fields& fields, std::string& padding, std::string_view kind) {
  fields.field({.name = "padding", .help = "pixels added around the picture: same, valid (none) or a number"}, padding);
  pixels_of(padding, kind);
}

PoolShape pool_shape(std::span<const Shape> inputs, PixelSize window, const Pool2DOptions& options,
                     std::string_view kind) {
  const Picture picture = only_picture(inputs, kind);
  const PixelSize stride{options.stride.height > 0 ? options.stride.height : window.height,
                         options.stride.width > 0 ? options.stride.width : window.width};
  return {picture, windows_over(picture, window, stride, 1, options.padding, kind)};
}

void describe_pool(Fields& fields, PixelSize& window, Pool2DOptions& options, std::string_view kind) {
  describe_size(fields, {.name = "window", .help = "height and width of a window, such as 2 or 2x3"}, window, 1, kind);
  describe_size(fields, {.name = "stride", .help = "distance between windows; 0: as the window"}, options.stride, 0,
                kind);
  describe_padding(fields, options.padding, kind);
  const std::int64_t pixels = pixels_of(options.padding, kind);
  if (pixels < std::min(window.height, window.width)) return;
  refuse_setting(kind, "padding takes fewer pixels than the window " + size_text(window) + " has", options.padding);
}

PictureWindow exported_window(const Picture& picture, const Windows& windows) noexcept {
  const auto& [y, x] = windows;
  return {.height = picture.height,
          .width = picture.width,
          .channels = picture.channels,
          .rows = y.window,
          .columns = x.window,
          .stride_rows = y.stride,
          .stride_columns = x.stride,
          .dilation_rows = y.dilation,
          .dilation_columns = x.dilation,
          .top = y.before,
          .bottom = y.after,
          .left = x.before,
          .right = x.after,
          .out_rows = y.out,
          .out_columns = x.out};
}

}  // namespace pellucid
