// Numbers from text and back, order of words, UTF-8 check.
// Not here: text for messages (core/text.h), spellings of missing cells (missing.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

enum class Spelling { none, integer, decimal, infinite };  ///< none: not a number; decimal: with a point or an exponent

/// Reads all of `cell` as a number into `value`. Returns `none` if it is not a number (NaN is not one), `infinite` if
/// it is infinite or too large for a double.
Spelling read_number(std::string_view cell, double& value) noexcept;

/// The number as text: the shortest that reads back as the same number; whole numbers below 2^53 without exponent.
std::string word_of(double value);
/// The same, written into `text` without allocating memory.
std::string_view word_of(double value, char (&text)[32]) noexcept;

/// Order of words: first numbers, by value, then other words, by their bytes.
bool word_less(std::string_view a, std::string_view b) noexcept;

/// The names as one text: "a, b, c and 12 more" if there are more than `at_most`.
std::string listed(const std::vector<std::string>& names, std::size_t at_most = 10);

/// Offset of the first byte that is not well-formed UTF-8, or npos.
std::size_t find_bad_utf8(std::string_view text) noexcept;

}  // namespace pellucid
