// Strict decoding of UTF-8 code points: overlong forms and surrogates are invalid.
// Not here: which characters are safe to print (core/visible.h), other encodings (tables/readers/csv/text.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pellucid {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< in bytes; 0 if no valid UTF-8 begins here
};

/// The first code point of a text. The text must not be empty.
CodePoint first_code_point(std::string_view text);

/// Appends the code point (at most 0x10FFFF) as UTF-8.
void append_utf8(std::string& text, char32_t point);

}  // namespace pellucid
