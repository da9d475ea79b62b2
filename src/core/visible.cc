// Which characters may be printed as they are. Not here: decoding UTF-8 (core/utf8.h).
#include "core/visible.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "core/utf8.h"

namespace pellucid {
namespace {

// Whether a terminal or an editor shows the character as it is and in its place.
bool is_shown(char32_t point) {
  static constexpr char32_t hidden[][2] = {
      {0x00, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},   {0x200B, 0x200B}, {0x200E, 0x200F},
      {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
  };
  return std::none_of(std::begin(hidden), std::end(hidden),
                      [point](const auto& range) { return point >= range[0] && point <= range[1]; });
}

}  // namespace

std::string take_visible(std::string_view& text) {
  const CodePoint point = first_code_point(text);
  const std::string_view bytes = text.substr(0, std::max<std::size_t>(point.length, 1));
  text.remove_prefix(bytes.size());
  if (point.length > 0 && is_shown(point.value)) return std::string(bytes);
  if (bytes.size() > 1) return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point.value));
  return fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
}

std::string visible(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    if (text[0] != '\n') {
      result += take_visible(text);
      continue;
    }
    result += '\n';
    text.remove_prefix(1);
  }
  return result;
}

}  // namespace pellucid
