// Numbers as a text prints them: their digits, and whether another number rounds to those digits.
// Not here: who compares (lesson.cc).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pellucid::tutorial {

/// "0.258" holds three decimals; "-23.24055489" eight; "2.9e-05" six.
struct Printed {
  double value;
  int decimals;     ///< behind the point, the exponent counted in
  int significant;  ///< digits from the first that is not 0

  /// Whether `got`, rounded to the digits printed, is this number; with 15 or more printed, to 12 significant ones, for
  /// the order of a sum moves the last.
  bool is(double got) const;
  /// `got` with as many digits.
  std::string like(double got) const;
};

/// Numbers apart by blanks, commas or brackets. Throws P01 on anything else.
std::vector<Printed> parse_printed(std::string_view text);

}  // namespace pellucid::tutorial
