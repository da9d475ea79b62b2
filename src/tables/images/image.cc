// Images: reading and writing files, grey and colour, conversion to numbers and back.
// Not here: checks of image files (file.h), the decoder (codec.cc), resizing (resize.cc).
#include "pellucid/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "core/file.h"
#include "core/memory.h"
#include "pellucid/error.h"
#include "tables/images/codec.h"
#include "tables/images/file.h"

namespace pellucid {
namespace {

constexpr std::uint64_t most_file_bytes = std::uint64_t{1} << 30;  // stb stores the file's size in an int
constexpr std::int64_t few_pixels = 1 << 20;                       // for fewer, the free memory is not checked

std::size_t bytes_of(std::int64_t height, std::int64_t width, int channels) {
  return static_cast<std::size_t>(height * width * channels);
}

// The file with its palette extended to 256 colours by black. Without this, stb would read uninitialised memory for an
// index beyond the palette.
std::string with_whole_palette(std::string_view bytes, const ImageFile& file) {
  std::string whole(bytes);
  const std::size_t lacking = 3 * (256 - std::min<std::size_t>(file.colours, 256));
  whole.insert(file.colours_at + 8 + 3 * file.colours, lacking, '\0');
  whole[file.colours_at + 2] = 3;  // new length of the chunk: 768 bytes; stb does not check the checksum
  whole[file.colours_at + 3] = 0;
  return whole;
}

// Blends the pixels with the background by their alpha and rounds to 8 bits. Exact integer arithmetic.
template <class T>
void flatten(const T* from, int samples, std::uint64_t background, Image& image) {
  constexpr std::uint64_t most = std::numeric_limits<T>::max();
  const bool alpha = samples == 2 || samples == 4;
  const std::uint64_t below = background * (most / 255);
  std::uint8_t* out = image.pixels.data();
  for (std::int64_t i = 0; i < image.height * image.width; ++i, from += samples) {
    const std::uint64_t opacity = alpha ? from[samples - 1] : most;
    for (int c = 0; c < image.channels; ++c) {
      const std::uint64_t sum = from[c] * opacity + below * (most - opacity);
      *out++ = static_cast<std::uint8_t>((sum * 255 + most * most / 2) / (most * most));
    }
  }
}

}  // namespace

void require_whole(const Image& image) {
  const bool sized = image.height > 0 && image.width > 0 && image.height <= most_image_side &&
                     image.width <= most_image_side && (image.channels == 1 || image.channels == 3);
  if (sized && image.pixels.size() == bytes_of(image.height, image.width, image.channels)) return;
  throw Error("U20", fmt::format("no image: {} x {} pixels of {} channels, {} bytes", image.height, image.width,
                                 image.channels, image.pixels.size()));
}

Shape Image::shape() const {
  return channels == 1 ? Shape{height, width} : Shape{height, width, channels};
}

Image decode_image(std::string_view bytes, const ImageOptions& options, const std::string& name) try {
  if (options.channels != 0 && options.channels != 1 && options.channels != 3) {
    throw Error("U12", fmt::format("channels takes 0, 1 or 3, got {}", options.channels));
  }
  if (options.background < 0 || options.background > 255) {
    throw Error("U12", fmt::format("background takes 0 … 255, got {}", options.background));
  }
  if (bytes.size() > most_file_bytes) throw Error("D27", name + " is larger than 1 GiB; which is the limit");
  const ImageFile file = inspect_image(bytes, options.most_pixels, name);
  const std::int64_t pixels = file.height * file.width;
  if (pixels > few_pixels) require_memory(static_cast<double>(pixels) * 4 * (file.depth == 16 ? 4 : 3));
  const bool deep = file.depth == 16;
  const Unpacked unpacked = unpack_image(file.palette ? with_whole_palette(bytes, file) : bytes, deep, name);
  Image image{unpacked.height, unpacked.width, unpacked.samples < 3 ? 1 : 3, {}};
  image.pixels.resize(bytes_of(image.height, image.width, image.channels));
  const auto background = static_cast<std::uint64_t>(options.background);
  if (deep) {
    flatten(unpacked.words.get(), unpacked.samples, background, image);
  } else if (unpacked.samples == image.channels) {
    std::copy_n(unpacked.bytes.get(), image.pixels.size(), image.pixels.begin());
  } else {
    flatten(unpacked.bytes.get(), unpacked.samples, background, image);
  }
  return options.channels == 1 ? to_grey(image) : options.channels == 3 ? to_rgb(image) : image;
} catch (const std::bad_alloc&) {
  throw Error("M02", "no memory for the pixels of " + name);
}

Image read_image(const std::string& path, const ImageOptions& options) {
  return decode_image(read_file(path, most_file_bytes), options, path);
}

std::string encode_png(const Image& image) {
  require_whole(image);
  require_memory(3 * static_cast<double>(image.pixels.size()));
  return pack_png(image);
}

void write_png(const Image& image, const std::string& path) {
  write_file(path, encode_png(image));
}

Image to_grey(const Image& image) {
  require_whole(image);
  if (image.channels == 1) return image;
  Image result{image.height, image.width, 1, std::vector<std::uint8_t>(image.pixels.size() / 3)};
  const std::uint8_t* from = image.pixels.data();
  for (std::uint8_t& grey : result.pixels) {
    grey = static_cast<std::uint8_t>((299 * from[0] + 587 * from[1] + 114 * from[2] + 500) / 1000);
    from += 3;
  }
  return result;
}

Image to_rgb(const Image& image) {
  require_whole(image);
  if (image.channels == 3) return image;
  Image result{image.height, image.width, 3, {}};
  result.pixels.reserve(image.pixels.size() * 3);
  for (const std::uint8_t grey : image.pixels) result.pixels.insert(result.pixels.end(), 3, grey);
  return result;
}

std::vector<float> to_vector(const Image& image) {
  require_whole(image);
  std::vector<float> values;
  values.reserve(image.pixels.size());
  for (const std::uint8_t pixel : image.pixels) values.push_back(static_cast<float>(pixel) / 255.0f);
  return values;
}

Image image_of(std::span<const float> values, const Shape& shape) {
  const bool flat = shape.rank() == 2 || (shape.rank() == 3 && shape[2] == 1);
  if (!flat && !(shape.rank() == 3 && shape[2] == 3)) {
    throw Error("U20", "no image has the shape " + shape.text() + "; height x width, or with 1 or 3 behind");
  }
  Image image{shape[0], shape[1], flat ? 1 : 3, {}};
  image.pixels.reserve(values.size());
  for (const float value : values) {
    if (!std::isfinite(value)) throw Error("D15", fmt::format("pixel {} is not finite", image.pixels.size()));
    image.pixels.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0f, 1.0f) * 255.0f + 0.5f));
  }
  require_whole(image);
  return image;
}

}  // namespace pellucid
