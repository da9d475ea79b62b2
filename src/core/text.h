// Small helpers for texts and numbers in messages and files.
// Not here: parsing of data files (src/tables/readers), output to the terminal (app/).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

std::string bytes_text(double bytes);                       ///< "1.5 GiB", "25.7 KiB", "312 B"
std::string count_text(std::int64_t n);                     ///< "1,797"
std::string number_text(double x);                          ///< the shortest text that reads back as the same double
std::string plural(std::int64_t n, std::string_view noun);  ///< "1 row", "1,797 rows", "2 classes"
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string> split_text(std::string_view text, char separator);  ///< an empty text has no parts
std::string trim(std::string_view text);

/// The text in quotation marks, for messages about cells and names from files: control characters and invalid UTF-8 are
/// spelled out, and text longer than `most` columns is cut.
std::string quote(std::string_view cell, std::size_t most = 40);

/// Terminal columns that UTF-8 text without escape sequences takes, counted as one per code point.
int text_width(std::string_view text) noexcept;

/// Breaks the text into lines of at most `width` columns; the second and later lines are indented by `indent` blanks.
std::string wrapped(std::string_view text, int width, int indent);

/// Reads the whole text as a number, independent of the locale; false if anything else is left over.
bool parse_number(std::string_view text, double& value) noexcept;
bool parse_integer(std::string_view text, std::int64_t& value) noexcept;

}  // namespace pellucid
