// Images: PNG and JPEG as bytes a pixel; resizing, grey, and the way to a vector of numbers and back.
// Not here: folders of images as a data set (read_table in table.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// One image of 8 bits a channel: pixels[(y · width + x) · channels + c], 0 (black) … 255.
struct Image {
  std::int64_t height = 0;
  std::int64_t width = 0;
  int channels = 1;  ///< 1 grey, 3 red, green and blue
  std::vector<std::uint8_t> pixels{};

  Shape shape() const;  ///< height x width for grey, height x width x 3 for colour: as a table's cells are
  friend bool operator==(const Image&, const Image&) = default;
};

struct ImageOptions {
  int channels = 0;      ///< 1 grey, 3 colour, 0: as the file has it (a palette is colour)
  int background = 255;  ///< grey value, 0 … 255, that shines through transparent pixels; white, as paper and as
                         ///< viewers show drawings and scanned pages; 0 for light strokes on nothing
  std::int64_t most_pixels = std::int64_t{1} << 26;  ///< larger images are refused before memory is taken for them
};

/// Reads a PNG or JPEG by its content, whatever its name. PNG: every colour type and depth, also interlaced; palettes
/// are looked up, 1 to 4 bits widened to 0 … 255, 16 bits rounded to 8, alpha laid over `background`; checksums and
/// lengths are checked; of an animation the still image. JPEG: baseline and progressive of 8 bits, grey, colour or
/// CMYK; it has no checksum, so a damaged one may show as noise, but one that ends early is refused. Colour profiles,
/// gamma and the orientation that a camera noted (EXIF) are not applied: a photo held sideways stays sideways.
/// Throws D10 (cannot open, empty), D16 (damaged, truncated), D27 (another format, or more than most_pixels), M02, U12
/// (an option out of range). Any number of threads may read at once.
Image read_image(const std::string& path, const ImageOptions& options = {});

/// The same for a file's bytes; `name` is used in messages.
Image decode_image(std::string_view bytes, const ImageOptions& options = {}, const std::string& name = "<memory>");

/// Writes a PNG of 8 bits beside the target, then renames. Throws U20 (pixels that do not fill the image), M01, M03.
void write_png(const Image& image, const std::string& path);

/// What write_png writes. Throws U20, M02.
std::string encode_png(const Image& image);

/// To exactly this size, the shape of what is shown not kept. Along an axis that shrinks each new pixel is the mean of
/// the area it covers; along one that grows, between its neighbours in a straight line. Exact,
/// rounded once. Throws U12 (a size < 1 or >
/// 65,535), U20, M02.
Image resize(const Image& image, std::int64_t height, std::int64_t width);

/// Brightness, 0.299 red + 0.587 green + 0.114 blue, rounded (ITU-R BT.601); a grey image as it is. Throws U20.
Image to_grey(const Image& image);

/// Three equal channels; a colour image as it is. Throws U20.
Image to_rgb(const Image& image);

/// Pixels as numbers, 0 … 255 → 0 … 1, in the order of `pixels`. Throws U20.
std::vector<float> to_vector(const Image& image);

/// And back, rounded; numbers below 0 become 0, above 1 become 255. The shape is height x width, or height x width x 1
/// or 3. Throws U20 (another shape or count), D15 (a number that is not finite).
Image image_of(std::span<const float> values, const Shape& shape);

}  // namespace pellucid
