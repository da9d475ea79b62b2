// NumberForm: how a column writes its numbers where that is not plainly: decimal commas, thousands marks, a unit.
// Not here: plain numbers (words.h), what a column is (tables/readers/csv/column_reader.h, kinds.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tables/words.h"

namespace pellucid {

struct NumberForm {
  char decimal = '.';
  char thousands = 0;    ///< , . ' or a blank, which stands for every blank that Unicode has for this; 0: none
  bool scaled = false;   ///< k, M or B may follow a number and multiplies it: 1.2k is 1200
  std::string currency;  ///< before the number: $ € £ ¥ EUR CHF …
  std::string unit;      ///< after it: one of these, % or a unit of measure

  /// Reads the whole of `cell`. Marks of thousands must stand before every three digits (commas also as in India,
  /// before every two), or nowhere. The unit must be there; it changes nothing: 45% is 45. Below 0 are -5, 5-, (5) and
  /// −5. Blanks around the number and digits of full width are read as well.
  Spelling read(std::string_view cell, double& value) const;

  /// An example of itself: "$1,234.5", "1.234,5", "1234.5%". Reads back by form_of.
  std::string text() const;
};

/// The form whose text() this is.
std::optional<NumberForm> form_of(std::string_view text);

/// What all of a column's words have in common.
struct FormFound {
  std::optional<NumberForm> form;
  std::string ambiguous;              ///< a word that two forms read, as different numbers; no form then
  double as_point = 0, as_comma = 0;  ///< what they read
};

enum class Decimal { any, point, comma };  ///< asked for; `any` refuses what is ambiguous

FormFound find_form(const std::vector<std::string>& words, Decimal asked);

/// Whether some form reads this word: it is worth looking at the others.
bool may_have_form(std::string_view word);

}  // namespace pellucid
