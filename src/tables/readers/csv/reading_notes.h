// Findings about the cells of a CSV: numbers with separators or units, words that count as missing.
// Not here: cells that are refused (csv.cc).
#pragma once

#include <string>
#include <vector>

#include "pellucid/table.h"
#include "tables/readers/csv/column_reader.h"

namespace pellucid::csv {

/// The findings D14, D28 and D36 for a table whose columns were read by these readers, one reader per column.
std::vector<Finding> reading_notes(const Table& table, const std::vector<ColumnReader>& readers,
                                   const ReadOptions& options);

}  // namespace pellucid::csv
