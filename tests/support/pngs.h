// Hand-made PNG files with every colour type, bit depth and defect.
// Not here: the library's PNG writer (src/tables/images/png.cc).
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::test {

inline std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

inline std::string chunk(const std::string& type, const std::string& body) {
  const std::string text = type + body;
  const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size());
  return big_endian(static_cast<std::uint32_t>(body.size())) + text + big_endian(static_cast<std::uint32_t>(sum));
}

inline std::string packed(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
           static_cast<uLong>(bytes.size()));
  out.resize(size);
  return out;
}

inline constexpr std::string_view png_magic = "\x89PNG\r\n\x1a\n";

/// Contents of a PNG: samples by row, pixel and channel, each below 2^depth.
struct Png {
  int type = 0;  ///< 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha
  int depth = 8;
  int height = 1;
  int width = 1;
  std::vector<std::uint32_t> samples{};
  std::string palette{};       ///< body of PLTE
  std::string transparency{};  ///< body of tRNS
  bool interlaced = false;

  int channels() const { return type == 2 ? 3 : type == 4 ? 2 : type == 6 ? 4 : 1; }

  std::string header() const {
    return chunk("IHDR",
                 big_endian(static_cast<std::uint32_t>(width)) + big_endian(static_cast<std::uint32_t>(height)) +
                     std::string{static_cast<char>(depth), static_cast<char>(type), 0, 0, interlaced ? '\1' : '\0'});
  }

  /// The rows of the pixels (x0, y0), (x0 + dx, y0), …, without filters.
  std::string rows(int x0, int y0, int dx, int dy) const {
    std::string bytes;
    for (int y = y0; y < height; y += dy) {
      if (x0 >= width) break;
      bytes += '\0';
      std::uint32_t held = 0;
      int bits = 0;
      for (int x = x0; x < width; x += dx) {
        for (int c = 0; c < channels(); ++c) {
          held = held << depth | samples[static_cast<std::size_t>((y * width + x) * channels() + c)];
          for (bits += depth; bits >= 8; bits -= 8) bytes += static_cast<char>(held >> (bits - 8));
        }
      }
      if (bits > 0) bytes += static_cast<char>(held << (8 - bits));
    }
    return bytes;
  }

  std::string pixels() const {
    if (!interlaced) return rows(0, 0, 1, 1);
    return rows(0, 0, 8, 8) + rows(4, 0, 8, 8) + rows(0, 4, 4, 8) + rows(2, 0, 4, 4) + rows(0, 2, 2, 4) +
           rows(1, 0, 2, 2) + rows(0, 1, 1, 2);
  }

  std::string bytes() const {
    return std::string(png_magic) + header() + (palette.empty() ? "" : chunk("PLTE", palette)) +
           (transparency.empty() ? "" : chunk("tRNS", transparency)) + chunk("IDAT", packed(pixels())) +
           chunk("IEND", "");
  }
};

}  // namespace pellucid::test
