// What may be trusted: the outside of an image file, walked through before anything is unpacked, and an Image.
// Not here: pixels (codec.h, image.cc).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pellucid/image.h"

namespace pellucid {

constexpr std::int64_t most_image_side = 65'535;

/// Throws U20 for an Image whose pixels do not fill it, or that has a side or channels out of range.
void require_whole(const Image& image);

enum class ImageFormat { none, png, jpeg };

/// What the first bytes say.
ImageFormat image_format(std::string_view head) noexcept;

/// "GIF", "WebP", … for an image of a format that is not read; "" for anything else.
std::string_view foreign_image(std::string_view head) noexcept;

/// The D27 error for such a file.
class Error foreign_image_error(const std::string& name, std::string_view format);

struct ImageFile {
  ImageFormat format = ImageFormat::none;
  std::int64_t height = 0;
  std::int64_t width = 0;
  int channels = 1;            ///< 1 or 3, alpha aside
  int depth = 8;               ///< bits a channel; of a palette, of its index
  bool palette = false;        ///< PNG: pixels are indices
  std::size_t colours = 0;     ///< entries of the palette
  std::size_t colours_at = 0;  ///< where its chunk begins
};

/// Walks the file from end to end. Throws D16 on what is damaged or ends early, D27 on another format, on a kind of
/// JPEG that is not read, and on more than most_pixels.
ImageFile inspect_image(std::string_view bytes, std::int64_t most_pixels, const std::string& name);

/// Its parts, one a format; the first bytes are the format's.
ImageFile inspect_png(std::string_view bytes, std::int64_t most_pixels, const std::string& name);
ImageFile inspect_jpeg(std::string_view bytes, std::int64_t most_pixels, const std::string& name);

/// Throws D16 for a side of 0, D27 above most_pixels.
void require_image_size(const ImageFile& file, std::int64_t most_pixels, const std::string& name);

}  // namespace pellucid
