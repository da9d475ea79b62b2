// Splits the text of a number into sign, brackets, currency, digits, unit and multiplier.
// Not here: the digits with their decimal and thousands separators (number_form.h).
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

struct NumberParts {
  bool negative = false;
  bool brackets = false;        ///< written in brackets, which means negative: (5) is -5
  double factor = 0;            ///< 1e3, 1e6 or 1e9 for k, M or B after the digits; 0: none
  std::string_view currency{};  ///< written before the digits
  std::string_view unit{};      ///< written after the digits: %, a currency, or a unit of measure
  std::string_view body{};      ///< all the rest: digits, separators, and any other text
};

/// The result refers to the memory of `cell`.
NumberParts number_parts(std::string_view cell);

/// The cell with full-width characters (５.４) replaced by ASCII; empty if it has no full-width characters.
std::string narrow_digits(std::string_view cell);

/// Whether a unit or currency consists of letters and is therefore separated from the number by a blank: EUR, kg.
bool is_unit_of_letters(std::string_view unit);

}  // namespace pellucid
