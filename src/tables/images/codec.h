// The doors to stb: pixels from a checked file, a PNG from pixels.
// Not here: whether a file may be trusted (file.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pellucid/image.h"

namespace pellucid {

/// Pixels as stb gives them; `bytes` or, of 16 bits, `words` points to them.
struct Unpacked {
  struct Free {
    void operator()(void* memory) const noexcept;
  };
  std::int64_t height = 0;
  std::int64_t width = 0;
  int samples = 0;  ///< 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
  std::unique_ptr<std::uint8_t, Free> bytes{};
  std::unique_ptr<std::uint16_t, Free> words{};
};

/// Only for what inspect_image let pass. `deep`: 16 bits a channel. Throws D16, M02.
Unpacked unpack_image(std::string_view bytes, bool deep, const std::string& name);

/// Throws M02.
std::string pack_png(const Image& image);

}  // namespace pellucid
