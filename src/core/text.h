// Small helpers for words and numbers in messages and files.
// Not here: parsing of data (src/tables/readers), terminal output (app).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

std::string bytes_text(double bytes);                       ///< "1.5 GiB", "25.7 KiB", "312 B"
std::string count_text(std::int64_t n);                     ///< "1,797"
std::string number_text(double x);                          ///< shortest text that reads back as the same double
std::string plural(std::int64_t n, std::string_view noun);  ///< "1 row", "1,797 rows", "2 classes"
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string> split_text(std::string_view text, char separator);  ///< "" gives no parts
std::string trim(std::string_view text);

/// Text with control characters and invalid UTF-8 made visible and long text cut, for messages about other people's
/// cells.
std::string quote(std::string_view cell, std::size_t most = 40);

/// Columns that UTF-8 text without escapes takes (one a code point).
int text_width(std::string_view text) noexcept;

/// Words broken into lines of at most `width` columns, the second and later ones indented.
std::string wrapped(std::string_view text, int width, int indent);

/// Reads a whole text as a number; false if anything is left over. No locale.
bool parse_number(std::string_view text, double& value) noexcept;
bool parse_integer(std::string_view text, std::int64_t& value) noexcept;

}  // namespace pellucid
