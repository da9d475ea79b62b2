// Numbers as a text prints them, and whether another number rounds to the same digits.
// Not here: the comparisons (lessons/lesson.cc).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pellucid::tutorial {

/// "0.258" has three decimals, "-23.24055489" eight, "2.9e-05" six.
struct Printed {
  double value;
  int decimals;     ///< digits after the decimal point, adjusted by the exponent
  int significant;  ///< significant digits

  /// Whether `got`, rounded to the printed digits, equals this number. If 15 or more digits are printed, 12 significant
  /// digits must agree, because the order of a sum changes the last digits.
  bool is(double got) const;
  /// `got`, formatted with the same number of digits.
  std::string like(double got) const;
};

/// Reads numbers separated by blanks, commas or brackets. Throws P01 for anything else.
std::vector<Printed> parse_printed(std::string_view text);

}  // namespace pellucid::tutorial
