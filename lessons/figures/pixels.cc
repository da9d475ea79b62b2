// Images as data: URLs (BMP, which needs no compression at these sizes); contour lines by marching squares.
// Not here: the figures that contain them (lessons/figures/svg_figure.cc).
#include "lessons/figures/pixels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/base64.h"

namespace pellucid::figures {
namespace {

using Color = std::array<double, 3>;  // red, green, blue, 0 … 255

void append(std::string& bytes, std::uint32_t value, int count) {
  for (int b = 0; b < count; ++b) bytes += static_cast<char>(value >> (8 * b) & 255);
}

/// A bitmap with 24 bits per pixel, stored from the bottom row up.
template <class ColorAt>
std::string bitmap_uri(int height, int width, const ColorAt& color_at) {
  const auto row_bytes = static_cast<std::uint32_t>((width * 3 + 3) / 4 * 4);
  const std::uint32_t size = row_bytes * static_cast<std::uint32_t>(height);
  std::string bytes = "BM";
  for (const std::uint32_t field : {54 + size, 0u, 54u, 40u}) append(bytes, field, 4);
  append(bytes, static_cast<std::uint32_t>(width), 4);
  append(bytes, static_cast<std::uint32_t>(height), 4);
  append(bytes, 1, 2);
  append(bytes, 24, 2);
  for (const std::uint32_t field : {0u, size, 2835u, 2835u, 0u, 0u}) append(bytes, field, 4);
  for (int r = 0; r < height; ++r) {
    const std::size_t start = bytes.size();
    for (int c = 0; c < width; ++c) {
      const Color color = color_at(r, c);
      for (int channel = 2; channel >= 0; --channel)
        append(
            bytes,
            static_cast<std::uint32_t>(std::lround(std::clamp(color[static_cast<std::size_t>(channel)], 0.0, 255.0))),
            1);
    }
    bytes.resize(start + row_bytes);
  }
  return "data:image/bmp;base64," + base64(bytes);
}

Color mixed(const Color& from, const Color& to, double share) {
  Color result{};
  for (std::size_t i = 0; i < 3; ++i) result[i] = from[i] + (to[i] - from[i]) * share;
  return result;
}

}  // namespace

std::string grey_image_uri(int height, int width, const std::vector<double>& pixels) {
  return bitmap_uri(height, width, [&](int r, int c) {
    const double grey = 255 * pixels[static_cast<std::size_t>((height - 1 - r) * width + c)];
    return Color{grey, grey, grey};
  });
}

std::string map_image_uri(const Map& map) {
  static constexpr Color blue{0, 114, 178}, white{255, 255, 255}, orange{230, 159, 0};
  const auto [low, high] = range_of({&map.values});
  return bitmap_uri(map.height, map.width, [&, low = low, high = high](int r, int c) {
    const double value = map.values[static_cast<std::size_t>(r * map.width + c)];
    const double share = std::isfinite(value) ? (value - low) / (high - low) : 0.5;
    return share < 0.5 ? mixed(blue, white, share * 2) : mixed(white, orange, share * 2 - 1);
  });
}

std::vector<Segment> contour(const Map& map, double level) {
  std::vector<Segment> lines;
  const double dx = (map.x_high - map.x_low) / map.width, dy = (map.y_high - map.y_low) / map.height;
  const auto value = [&](int r, int c) { return map.values[static_cast<std::size_t>(r * map.width + c)] - level; };
  // Row and column of each corner, in order around the square.
  static constexpr int corner[4][2] = {{0, 0}, {0, 1}, {1, 1}, {1, 0}};
  for (int r = 0; r + 1 < map.height; ++r) {
    for (int c = 0; c + 1 < map.width; ++c) {
      std::vector<std::pair<double, double>> crossed;
      for (int i = 0; i < 4; ++i) {
        const int* a = corner[i];
        const int* b = corner[(i + 1) % 4];
        const double va = value(r + a[0], c + a[1]), vb = value(r + b[0], c + b[1]);
        if ((va < 0) == (vb < 0)) continue;
        const double share = va / (va - vb);
        crossed.emplace_back(map.x_low + dx * (c + 0.5 + a[1] + (b[1] - a[1]) * share),
                             map.y_low + dy * (r + 0.5 + a[0] + (b[0] - a[0]) * share));
      }
      for (std::size_t i = 0; i + 1 < crossed.size(); i += 2) {
        lines.push_back({crossed[i].first, crossed[i].second, crossed[i + 1].first, crossed[i + 1].second});
      }
    }
  }
  return lines;
}

}  // namespace pellucid::figures
