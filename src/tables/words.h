// How data is spelled: numbers from text and back, the order of words.
// Not here: words for messages (core/text.h), the missing spellings (table.cc).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

enum class Spelling { none, integer, decimal, infinite };  ///< none: not a number

/// Reads the whole of `cell` as a number; what it means is in `value` unless the answer is `none`.
/// NaN is no number. A number too large for a double is `infinite`.
Spelling read_number(std::string_view cell, double& value) noexcept;

/// As a word: the shortest text that reads back as the same number; whole numbers below 2^53 without exponent.
std::string word_of(double value);
/// The same, written into `text` without allocating memory.
std::string_view word_of(double value, char (&text)[32]) noexcept;

/// Numbers by value, then words by their bytes.
bool word_less(std::string_view a, std::string_view b) noexcept;

/// "a, b, c and 12 more"
std::string listed(const std::vector<std::string>& names, std::size_t at_most = 10);

/// Offset of the first byte that is not well-formed UTF-8, or npos.
std::size_t find_bad_utf8(std::string_view text) noexcept;

}  // namespace pellucid
