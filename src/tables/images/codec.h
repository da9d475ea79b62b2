// Calls stb: decodes a checked image file to pixels, encodes pixels as a PNG.
// Not here: the checks before decoding (file.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pellucid/image.h"

namespace pellucid {

/// Decoded pixels, row by row, samples of a pixel next to each other. 8-bit samples are in `bytes`, 16-bit samples in
/// `words`; the other pointer is null.
struct Unpacked {
  struct Free {
    void operator()(void* memory) const noexcept;
  };
  std::int64_t height = 0;
  std::int64_t width = 0;
  int samples = 0;  ///< per pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
  std::unique_ptr<std::uint8_t, Free> bytes{};
  std::unique_ptr<std::uint16_t, Free> words{};
};

/// Decodes a file that inspect_image() has accepted; other files are not safe. `deep`: 16 bits per sample. `name` is
/// for messages. Throws D16, M02.
Unpacked unpack_image(std::string_view bytes, bool deep, const std::string& name);

/// Encodes the image as a PNG file with 8 bits per channel. Throws M02.
std::string pack_png(const Image& image);

}  // namespace pellucid
