// Wish: how the cells of a column are to be read, as far as the user or a model says.
// Not here: what its cells show by themselves (column_reader.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pellucid/table.h"
#include "tables/missing.h"
#include "tables/number_form.h"

namespace pellucid::csv {

/// What the user or a model says of a column; `form`: its numbers are written so.
struct Wish {
  enum Type { any, number, text, nothing } type = any;
  Decimal decimal = Decimal::any;
  std::optional<AskedKind> dates{};  ///< text: the user says that the cells are dates, as find_dates takes it
  bool are_dates = false;            ///< text: a model has learned that they are dates
  std::optional<NumberForm> form{};
  MissingRule missing{};
};

/// Throws U12 for a form that does not exist.
Wish wish_of(const std::string& column, const ReadOptions& options);

/// A cell of a column that is known to be numbers: in its form, or plainly, with brackets or a minus behind it too.
Spelling read_asked(const Wish& wish, std::string_view cell, double& value);

}  // namespace pellucid::csv
