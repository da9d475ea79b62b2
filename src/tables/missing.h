// MissingRule: which cells of a column count as missing.
// Not here: what becomes of them (fit.cc), how many there are and how they are spelled (Column::missing).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// Without the blanks around it: spaces, tabs, line ends, and the blanks that Unicode has (no-break space, …).
std::string_view without_blanks(std::string_view cell) noexcept;

/// For the cells of one column, as MissingWords says.
class MissingRule {
 public:
  MissingRule() = default;
  MissingRule(const MissingWords& words, std::string_view column);

  /// Blank cells, the user's words, and spellings that mean nothing else in any column: NA, null, #N/A …
  bool anywhere(std::string_view cell) const noexcept;
  /// These, and words that mean nothing else beside numbers or dates: none, unknown, n/a, - …, in any case.
  bool beside_values(std::string_view cell) const noexcept;

 private:
  bool usual_ = true;
  std::vector<std::string> words_{};
};

}  // namespace pellucid
