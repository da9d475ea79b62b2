// Wish: how the cells of a column must be read, if the user or a model says so.
// Not here: what is found from the cells themselves (column_reader.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pellucid/table.h"
#include "tables/missing.h"
#include "tables/number_form.h"

namespace pellucid::csv {

/// What the user or a model says about a column. Type any: nothing is said; nothing: the column is not read, all its
/// cells are missing.
struct Wish {
  enum Type { any, number, text, nothing } type = any;
  Decimal decimal = Decimal::any;
  std::optional<AskedKind> dates{};  ///< type text: the kind by which the user says that the cells are dates
  bool are_dates = false;            ///< whether a model has learned that the cells are dates
  std::optional<NumberForm> form{};  ///< how the numbers are written
  MissingRule missing{};
};

/// The wish for a column. Throws U12 if ReadOptions::forms has an invalid form for it.
Wish wish_of(const std::string& column, const ReadOptions& options);

/// Reads a cell of a column that is known to hold numbers: in the form of the wish or, without one, as a plain number,
/// also with brackets or a minus behind it.
Spelling read_asked(const Wish& wish, std::string_view cell, double& value);

}  // namespace pellucid::csv
