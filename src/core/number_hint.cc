// Recognises decimal commas, percentages, thousands separators and decimals of whole numbers in text that is not a
// number. Not here: reading numbers (core/text.h).
#include "core/number_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace pellucid {

namespace {

bool groups_of_three(std::string_view text, char mark) {
  const std::vector<std::string> parts = split_text(text, mark);
  return parts.size() > 1 && !parts[0].empty() && parts[0].size() <= 3 &&
         std::all_of(parts.begin() + 1, parts.end(), [](const std::string& part) { return part.size() == 3; });
}

std::string without(std::string text, char mark) {
  std::erase(text, mark);
  return text;
}

}  // namespace

std::string number_hint(std::string_view text, bool whole) {
  std::string plain = trim(text);
  const bool percent = plain.ends_with('%');
  if (percent) plain = trim(std::string_view(plain).substr(0, plain.size() - 1));
  for (const char mark : {' ', '_', '\''}) plain = without(plain, mark);
  const std::size_t comma = plain.rfind(','), point = plain.rfind('.');
  if (comma != std::string::npos && point != std::string::npos) {
    plain = without(plain, comma > point ? '.' : ',');
  } else if (whole && groups_of_three(plain, ',')) {
    plain = without(plain, ',');
  }
  std::replace(plain.begin(), plain.end(), ',', '.');
  double value = 0;
  if (!parse_number(plain, value) || !std::isfinite(value)) return "";
  if (percent) value /= 100;
  if (whole && (std::floor(value) != value || std::abs(value) > 9007199254740992.0)) return "";
  const std::string written = whole ? fmt::format("{:.0f}", value) : number_text(value);
  return written == text ? "" : "; write " + written;
}

}  // namespace pellucid
