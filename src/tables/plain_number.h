// Fast reader for plainly written numbers such as -12 or 3.25, which most cells of most files are.
// Not here: all other spellings of numbers (words.h).
#pragma once

#include <string_view>

#include "tables/words.h"

namespace pellucid {

/// Reads an optional minus and up to 15 digits with at most one point between them. Returns `none` for anything else,
/// although it may be a number in another spelling. The result is correctly rounded: whole numbers below 10^15 and
/// powers of ten up to 10^14 are exact in a double, so their quotient is rounded once (Clinger 1990).
inline Spelling read_plain_number(std::string_view cell, double& value) noexcept {
  constexpr double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};
  constexpr std::size_t most_digits = 15;
  const char* p = cell.data();
  const char* const end = p + cell.size();
  const bool negative = p != end && *p == '-';
  p += negative ? 1 : 0;
  const auto digits = static_cast<std::size_t>(end - p);
  if (digits == 0 || digits > most_digits + 1) return Spelling::none;
  std::int64_t whole = 0;
  const char* point = nullptr;
  for (const char* q = p; q != end; ++q) {
    const auto digit = static_cast<unsigned>(*q - '0');
    if (digit < 10) {
      whole = whole * 10 + static_cast<std::int64_t>(digit);
    } else if (*q == '.' && point == nullptr && q != p) {
      point = q;
    } else {
      return Spelling::none;
    }
  }
  if (point == end - 1 || digits - (point != nullptr ? 1 : 0) > most_digits) return Spelling::none;
  value = static_cast<double>(whole);
  if (point != nullptr) value /= powers[end - point - 1];
  if (negative) value = -value;
  return point != nullptr ? Spelling::decimal : Spelling::integer;
}

}  // namespace pellucid
