// Totals: a last row that sums up the others. Not here: titles and units above the rows (layout.h).
#pragma once

#include <string_view>

#include "pellucid/table.h"

namespace pellucid::csv {

/// "Total", "Sum", "Mean" and their like, in any case.
bool names_totals(std::string_view cell);

/// Whether the last row has such a word, found in no other row, and its numbers are the sums or means of their columns.
bool ends_with_totals(const Table& table);

/// Removes the last row, and notes it (D51).
void drop_last_row(Table& table);

}  // namespace pellucid::csv
