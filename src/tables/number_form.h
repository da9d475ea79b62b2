// NumberForm: how a column writes its numbers, if not plainly: decimal comma, thousands separators, currency, unit.
// Not here: plain numbers (words.h), the type of a column (tables/readers/csv/column_reader.h, prepare/kinds.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tables/words.h"

namespace pellucid {

struct NumberForm {
  char decimal = '.';
  char thousands = 0;    ///< thousands separator: , . ' or a blank (also Unicode's narrow and no-break blanks); 0: none
  bool scaled = false;   ///< whether k, M or B may follow a number and multiply it: 1.2k is 1200
  std::string currency;  ///< written before the number: $ € £ ¥ EUR CHF …; "": none
  std::string unit;      ///< written after the number: a currency, % or a unit of measure; "": none

  /// Reads all of `cell` as a number of this form; Spelling::none if it is not one. Thousands separators must group all
  /// digits by three (commas also by two above the last three, as in India) or be absent. Currency and unit must be
  /// present; they do not change the value: 45% is 45. Negative numbers are -5, 5-, (5) and −5. Blanks around the
  /// number and full-width digits are allowed.
  Spelling read(std::string_view cell, double& value) const;

  /// An example of the form: "$1,234.5", "1.234,5", "1234.5%". form_of() makes the form from it again.
  std::string text() const;
};

/// The form whose text() is `text`; nothing if there is none.
std::optional<NumberForm> form_of(std::string_view text);

/// The number form that fits all words of a column, or why there is none.
struct FormFound {
  std::optional<NumberForm> form;
  std::string ambiguous;              ///< a word that two fitting forms read as different numbers; then `form` is empty
  double as_point = 0, as_comma = 0;  ///< the two numbers
};

/// Decimal separator that the user chose; any: none was chosen, and ambiguous words are refused.
enum class Decimal { any, point, comma };

/// Finds the form in which all these words are numbers. `asked` limits the search to forms with that separator.
FormFound find_form(const std::vector<std::string>& words, Decimal asked);

/// Whether any form reads this word as a number. If not, find_form() cannot succeed for a column with this word.
bool may_have_form(std::string_view word);

}  // namespace pellucid
