// Text of C's small parts. Not here: functions and files (source.cc).
#include "export/c/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "core/text.h"

namespace pellucid::c {

namespace {

constexpr std::size_t line_width = 100;
constexpr std::size_t short_enough = 12;  // characters of a number that is written in decimal

const std::set<std::string_view, std::less<>> keywords = {
    "alignas",   "alignof",  "and",      "asm",      "auto",     "bool",      "break",    "case",   "catch",
    "char",      "class",    "compl",    "const",    "continue", "default",   "delete",   "do",     "double",
    "else",      "enum",     "explicit", "export",   "extern",   "false",     "float",    "for",    "friend",
    "goto",      "if",       "inline",   "int",      "long",     "main",      "mutable",  "new",    "not",
    "namespace", "operator", "or",       "private",  "public",   "protected", "register", "return", "restrict",
    "short",     "signed",   "sizeof",   "static",   "struct",   "switch",    "template", "this",   "throw",
    "true",      "try",      "typedef",  "typename", "union",    "unsigned",  "using",    "void",   "volatile",
    "while",     "virtual",  "xor"};

std::string special(double x) {
  if (std::isnan(x)) return "NAN";
  return x > 0 ? "INFINITY" : "-INFINITY";
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string literal(float x) {
  return std::isfinite(x) ? fmt::format("{:a}f", x) : special(static_cast<double>(x));
}

std::string literal(double x) {
  return std::isfinite(x) ? fmt::format("{:a}", x) : special(x);
}

std::string readable(double x) {
  if (!std::isfinite(x)) return special(x);
  std::string text = fmt::format("{}", x);  // the shortest digits that read back as x
  if (text.size() > short_enough) return literal(x);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string string_literal(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 32 || byte > 126 || c == '?' || c == '@') {
      result += fmt::format("\\{:03o}", byte);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string comment(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = static_cast<unsigned char>(c) >= 32 && c != 127;
    result += !plain ? ' ' : c == '@' ? '#' : c;
    if ((c == '*' || c == '/') && result.size() > 1 &&
        (result[result.size() - 2] == '*' || result[result.size() - 2] == '/')) {
      result.insert(result.size() - 1, 1, ' ');
    }
  }
  return result;
}

std::string array(const std::string& name, std::span<const float> numbers) {
  std::string result = fmt::format("static const float {}[{}] = {{\n ", name, numbers.size());
  std::size_t column = 1;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string item = " " + literal(numbers[i]) + (i + 1 < numbers.size() ? "," : "");
    if (column + item.size() > line_width) {
      result += "\n ";
      column = 1;
    }
    result += item;
    column += item.size();
  }
  return result + "};\n";
}

std::string identifier(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c)) {
      result += c;
    } else if (!result.empty() && result.back() != '_') {
      result += '_';
    }
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  if (result.empty() || is_digit(result.front()) || keywords.contains(result)) result.insert(0, "x_");
  if (result.back() == '_') result.pop_back();
  return result;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return result;
}

bool is_identifier(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && !keywords.contains(text) &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

std::string filled(std::string text, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  for (const auto& [key, value] : values) {
    const std::string mark = "@" + std::string(key) + "@";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

}  // namespace pellucid::c
