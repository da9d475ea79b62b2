// MissingRule: which cells of a column count as missing.
// Not here: how missing cells are filled (prepare/fit.cc), their number and spellings in a table (Column::missing).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// The cell without blanks before and after it: spaces, tabs, line ends and Unicode's blanks (no-break space, …).
std::string_view without_blanks(std::string_view cell) noexcept;

/// Decides for the cells of one column, following the user's MissingWords.
class MissingRule {
 public:
  MissingRule() = default;
  MissingRule(const MissingWords& words, std::string_view column);

  /// For a column of any kind. Missing are blank cells, the user's words, and the usual spellings NA, null, #N/A … (the
  /// last only if MissingWords::usual is set).
  bool anywhere(std::string_view cell) const noexcept;
  /// For a column of numbers or dates. Missing are also words that could otherwise be categories: none, unknown, n/a,
  /// - …, in upper or lower case (only if MissingWords::usual is set).
  bool beside_values(std::string_view cell) const noexcept;

  /// Whether one of the user's words is a number, as -999 is: then cells that are numbers may be missing too.
  bool has_missing_numbers() const noexcept { return !numbers_.empty(); }
  /// Whether one of the user's words is this number, in any spelling: -999 is also -999.0.
  bool is_missing_number(double number) const noexcept;

 private:
  bool usual_ = true;
  std::vector<std::string> words_{};
  std::vector<double> numbers_{};
};

/// Makes the numbers missing that the user's words name, in a column that was not read from text.
void mark_missing_numbers(Column& column, const MissingWords& words);

}  // namespace pellucid
