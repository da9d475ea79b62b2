// Recognises a last row that holds the totals of the other rows. Not here: titles and units above the rows (layout.h).
#pragma once

#include <string_view>

#include "pellucid/table.h"

namespace pellucid::csv {

/// Whether the cell is "Total", "Sum", "Mean" or a similar word, in upper or lower case.
bool names_totals(std::string_view cell);

/// Whether the last row has a word for which names_totals() is true, which is in no other row of its column, and all
/// its numbers are sums or means of their columns.
bool ends_with_totals(const Table& table);

/// Removes the last row and adds the finding D51.
void drop_last_row(Table& table);

}  // namespace pellucid::csv
