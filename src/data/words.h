// How data is spelled: numbers from text and back, words and lists in messages.
// Not here: what is wrong with a cell (the readers and preprocess say that).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

enum class Spelling { none, integer, decimal, infinite };  ///< none: not a number

/// Reads the whole of `cell` as a number; what it means is in `value` unless the answer is `none`.
/// NaN is no number. A number too large for a double is `infinite`.
Spelling parse_number(std::string_view cell, double& value) noexcept;

/// The shortest text that reads back as the same number; whole numbers below 2^53 without exponent.
std::string number_text(double value);

/// Numbers by value, then words by their bytes.
bool word_less(std::string_view a, std::string_view b) noexcept;

/// For messages: in quotes, cut to 40 bytes at a letter's end, control characters as '.'.
std::string quoted(std::string_view text);
/// "1,797"
std::string grouped(std::int64_t count);
/// "1 row", "1,797 rows"
std::string counted(std::int64_t count, std::string_view noun);
/// "a, b, c and 12 more"
std::string listed(const std::vector<std::string>& names, std::size_t at_most = 10);

/// Offset of the first byte that is not well-formed UTF-8, or npos.
std::size_t find_bad_utf8(std::string_view text) noexcept;

}  // namespace pellucid
