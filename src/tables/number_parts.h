// What stands around the digits of a number: sign, brackets, currency, unit, multiplier.
// Not here: the digits and their marks (number_form.h).
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

struct NumberParts {
  bool negative = false;
  bool brackets = false;        ///< (5) is -5
  double factor = 0;            ///< of k, M or B behind the digits; 0: there is none
  std::string_view currency{};  ///< before the digits
  std::string_view unit{};      ///< behind them: %, a currency, or a unit of measure
  std::string_view body{};      ///< the digits with their marks, and whatever is none of these
};

/// The views are of `cell`.
NumberParts number_parts(std::string_view cell);

/// Digits, point, comma, minus and percent of full width (５.４) as the usual ones; empty where there are none.
std::string narrow_digits(std::string_view cell);

/// Whether a unit or currency is made of letters, so that a blank divides it from the number: EUR, kg.
bool is_unit_of_letters(std::string_view unit);

}  // namespace pellucid
