// Checks image files from end to end before they are decoded, so that the decoder can trust them; checks an Image.
// Not here: decoding pixels (codec.h, image.cc).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pellucid/image.h"

namespace pellucid {

/// Largest height and width of an image, in pixels.
constexpr std::int64_t most_image_side = 65'535;

/// Throws U20 if the number of pixels does not match height, width and channels, or if one of these is out of range.
void require_whole(const Image& image);

enum class ImageFormat { none, png, jpeg };

/// The format, from the first bytes of a file.
ImageFormat image_format(std::string_view head) noexcept;

/// Name of the image format ("GIF", "WebP", …) if it is one that cannot be read; "" for anything else.
std::string_view foreign_image(std::string_view head) noexcept;

/// The D27 error for a file of a format that cannot be read.
class Error foreign_image_error(const std::string& name, std::string_view format);

struct ImageFile {
  ImageFormat format = ImageFormat::none;
  std::int64_t height = 0;
  std::int64_t width = 0;
  int channels = 1;            ///< 1 or 3, without alpha
  int depth = 8;               ///< bits per channel; with a palette: bits per index
  bool palette = false;        ///< PNG: pixels are indices into a palette
  std::size_t colours = 0;     ///< number of entries of the palette
  std::size_t colours_at = 0;  ///< offset of the palette's chunk in the file
};

/// Checks the whole file and returns its description. Throws D10 (empty), D16 (damaged or truncated), D27 (another
/// format, a kind of JPEG that cannot be read, more than most_pixels).
ImageFile inspect_image(std::string_view bytes, std::int64_t most_pixels, const std::string& name);

/// inspect_image() for one format. The first bytes must be those of the format.
ImageFile inspect_png(std::string_view bytes, std::int64_t most_pixels, const std::string& name);
ImageFile inspect_jpeg(std::string_view bytes, std::int64_t most_pixels, const std::string& name);

/// Throws D16 if height or width is 0, D27 if one is above most_image_side or there are more than most_pixels.
void require_image_size(const ImageFile& file, std::int64_t most_pixels, const std::string& name);

}  // namespace pellucid
