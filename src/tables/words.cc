// Numbers from text and back, order of words, UTF-8 check.
// Not here: text for messages (core/text.cc), spellings of missing cells (missing.cc).
#include "tables/words.h"

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/text.h"
#include "tables/plain_number.h"

namespace pellucid {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool all_digits(const char* p, const char* end) noexcept {
  while (p != end && is_digit(*p)) ++p;
  return p == end;
}

// Length of the UTF-8 sequence at `p`, or 0 if it is not well-formed (Unicode 15, table 3-7).
std::size_t sequence_length(const unsigned char* p, std::size_t left) noexcept {
  const unsigned char lead = p[0];
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : (lead & 0xF0) == 0xE0        ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || length > left) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((p[i] & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && p[1] < 0xA0) || (lead == 0xF0 && p[1] < 0x90);
  const bool outside = (lead == 0xED && p[1] > 0x9F) || (lead == 0xF4 && p[1] > 0x8F);
  return overlong || outside ? 0 : length;
}

}  // namespace

Spelling read_number(std::string_view cell, double& value) noexcept {
  const char* p = cell.data();
  const char* const end = p + cell.size();
  if (cell.size() > 1 && *p == '+' && (is_digit(p[1]) || p[1] == '.')) ++p;
  if (const Spelling plain = read_plain_number({p, static_cast<std::size_t>(end - p)}, value);
      plain != Spelling::none) {
    return plain;
  }
  const char* const digits = p != end && *p == '-' ? p + 1 : p;
  const auto [stopped, problem] = fast_float::from_chars(p, end, value);
  if (stopped != end || p == end || std::isnan(value)) return Spelling::none;
  if (problem != std::errc() && problem != std::errc::result_out_of_range) return Spelling::none;
  if (std::isinf(value)) return Spelling::infinite;
  return all_digits(digits, end) ? Spelling::integer : Spelling::decimal;
}

std::string_view word_of(double value, char (&text)[32]) noexcept {
  const bool whole = std::abs(value) < 9007199254740992.0 && std::floor(value) == value;
  char* const last = text + sizeof text;
  const char* const end =
      whole ? std::to_chars(text, last, static_cast<std::int64_t>(value)).ptr : std::to_chars(text, last, value).ptr;
  return {text, static_cast<std::size_t>(end - text)};
}

std::string word_of(double value) {
  char text[32];
  return std::string(word_of(value, text));
}

bool word_less(std::string_view a, std::string_view b) noexcept {
  double x = 0;
  double y = 0;
  const bool a_is_number = read_number(a, x) != Spelling::none;
  const bool b_is_number = read_number(b, y) != Spelling::none;
  if (a_is_number != b_is_number) return a_is_number;
  if (a_is_number && x != y) return x < y;
  return a < b;
}

std::string listed(const std::vector<std::string>& names, std::size_t at_most) {
  std::string text = join({names.begin(), names.begin() + std::min(names.size(), at_most)}, ", ");
  if (names.size() > at_most) text += fmt::format(" and {} more", names.size() - at_most);
  return text;
}

std::size_t find_bad_utf8(std::string_view text) noexcept {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(bytes + at, text.size() - at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace pellucid
