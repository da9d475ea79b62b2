// Images: reading PNG and JPEG, writing PNG, resizing, grey and colour, conversion to numbers and back.
// Not here: folders of images as a data set (read_table in table.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// One image with 8 bits per channel: pixels[(y · width + x) · channels + c] is 0 (black) … 255.
struct Image {
  std::int64_t height = 0;
  std::int64_t width = 0;
  int channels = 1;  ///< 1: grey; 3: red, green and blue
  std::vector<std::uint8_t> pixels{};

  Shape shape() const;  ///< height x width for grey, height x width x 3 for colour: the shape of a table's cells
  friend bool operator==(const Image&, const Image&) = default;
};

struct ImageOptions {
  int channels = 0;  ///< 1: grey; 3: colour; 0: as in the file (a palette counts as colour)
  /// grey value behind transparent pixels, 0 … 255. Default: white, as viewers show drawings and scanned pages; use 0
  /// for light strokes on a transparent background
  int background = 255;
  /// images with more pixels are refused (D27) before memory is allocated for them
  std::int64_t most_pixels = std::int64_t{1} << 26;
};

/// Reads a PNG or JPEG file; the format is recognised by the content, not by the name.
/// PNG: all colour types and bit depths, also interlaced. Palettes are resolved, 1 to 4 bits are scaled to 0 … 255, 16
/// bits are rounded to 8, transparent pixels are blended with `background`. Checksums and lengths are verified. Only
/// the still image of an animation is read.
/// JPEG: baseline and progressive with 8 bits; grey, colour or CMYK. JPEG has no checksum, so a damaged file may look
/// like noise; a truncated one is refused.
/// Colour profiles, gamma and the camera's orientation (EXIF) are ignored: a photo taken sideways stays sideways.
/// Throws D10 (cannot open, empty), D16 (damaged, truncated), D27 (another format, or more than most_pixels), M02, U12
/// (an option out of range). Thread-safe.
Image read_image(const std::string& path, const ImageOptions& options = {});

/// The same for the bytes of a file in memory; `name` is used in messages.
Image decode_image(std::string_view bytes, const ImageOptions& options = {}, const std::string& name = "<memory>");

/// Writes a PNG with 8 bits per channel. The file is written under another name and then renamed, so `path` never holds
/// half a file. Throws U20 if the number of pixels does not match the size, M01, M03.
void write_png(const Image& image, const std::string& path);

/// The bytes that write_png() writes. Throws U20, M02.
std::string encode_png(const Image& image);

/// Resizes to exactly this size; the aspect ratio is not kept. Along an axis that shrinks, each new pixel is the mean
/// of the area it covers; along an axis that grows, it is interpolated linearly. Exact arithmetic, rounded once at the
/// end. Throws U12 for a size < 1 or > 65,535, U20, M02.
Image resize(const Image& image, std::int64_t height, std::int64_t width);

/// The brightness of each pixel, 0.299 red + 0.587 green + 0.114 blue, rounded (ITU-R BT.601). A grey image is returned
/// unchanged. Throws U20.
Image to_grey(const Image& image);

/// The image with three equal channels. A colour image is returned unchanged. Throws U20.
Image to_rgb(const Image& image);

/// The pixels divided by 255, so from 0 to 1, in the order of `pixels`. Throws U20.
std::vector<float> to_vector(const Image& image);

/// The inverse of to_vector(): values times 255, rounded; values below 0 become 0, above 1 become 255. `shape` is
/// height x width, height x width x 1 or height x width x 3. Throws U20 for another shape or count, D15 for a value
/// that is not finite.
Image image_of(std::span<const float> values, const Shape& shape);

}  // namespace pellucid
