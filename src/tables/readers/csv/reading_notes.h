// What reading a CSV has to tell: numbers with marks, words that count as missing.
// Not here: what is refused (csv.cc).
#pragma once

#include <string>
#include <vector>

#include "pellucid/table.h"
#include "tables/readers/csv/column_reader.h"

namespace pellucid::csv {

/// Table::notes of a table whose columns these readers have read: D14, D28, D36.
std::vector<Finding> reading_notes(const Table& table, const std::vector<ColumnReader>& readers,
                                   const ReadOptions& options);

}  // namespace pellucid::csv
