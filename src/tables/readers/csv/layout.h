// Layout: which of the first rows of a CSV are titles, header, units and data.
// Not here: dividing text into rows (scanner.h), the delimiter (dialect.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pellucid/table.h"

namespace pellucid::csv {

/// A row and the line where it begins (1: the first).
struct SampleRow {
  std::vector<std::string> cells;
  std::uint32_t line = 1;
};

struct Layout {
  std::size_t first = 0;  ///< index of the header, or of the first data row; rows before are titles
  bool header = false;
  bool row_names = false;  ///< the header has no name for the first column, which holds row names
  bool units = false;      ///< the row below the header holds units, not data
  bool doubtful = false;   ///< no header, although the first row's words are found in no other row
};

/// How many of the names are also cells of this row.
std::size_t known_names(const SampleRow& row, const std::vector<std::string>& names);

/// Index of the first row that holds enough of the expected names to be the header; -1: none.
int row_of_names(std::span<const SampleRow> rows, const std::vector<std::string>& names);

/// Finds the layout. `width`: number of cells that most rows have; `named`: result of row_of_names().
Layout find_layout(std::span<const SampleRow> rows, std::size_t width, int named, const ReadOptions& options);

}  // namespace pellucid::csv
