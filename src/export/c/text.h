// Pieces of C: numbers that read back as the same bits, arrays, strings, comments, names.
// Not here: what is written with them.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace pellucid::c {

std::string literal(float x);    ///< "0x1.8p+0f"; INFINITY and NAN for what has no digits
std::string literal(double x);   ///< "0x1.8p+0"
std::string readable(double x);  ///< in decimal where that is short, "1.5"; it reads back as the same number
std::string string_literal(std::string_view text);  ///< with quotes; bytes beyond ASCII as octal escapes
std::string comment(std::string_view text);         ///< the text without anything that ends or opens a comment

/// "static const float NAME[N] = {…};" in lines of at most 100 characters.
std::string array(const std::string& name, std::span<const float> numbers);

/// "age (years)" → "age_years"; never empty, never begins with a digit.
std::string identifier(std::string_view text);
std::string upper(std::string_view text);
bool is_identifier(std::string_view text);  ///< a name that C and C++ take, no keyword

/// The text with each "@key@" replaced by its value. C has many braces, so fmt does not suit. Literals and comments
/// hold no @, so that names of a table are never taken for keys.
std::string filled(std::string text, std::initializer_list<std::pair<std::string_view, std::string>> values);

}  // namespace pellucid::c
