// Code points of UTF-8 text, strictly: no overlong forms, no surrogates.
// Not here: which characters are shown (visible.h), other encodings (tables/readers/csv/text.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pellucid {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< in bytes; 0: no valid UTF-8 begins here
};

/// The code point with which a text begins that is not empty.
CodePoint first_code_point(std::string_view text);

/// Appends the code point (at most 0x10FFFF) as UTF-8.
void append_utf8(std::string& text, char32_t point);

}  // namespace pellucid
