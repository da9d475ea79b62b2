// Layout: which of a table's first rows are titles, names, units and cells.
// Not here: cutting text into rows (scanner.h), the delimiter (dialect.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pellucid/table.h"

namespace pellucid::csv {

struct SampleRow {
  std::vector<std::string> cells;
  std::uint32_t line = 1;
};

struct Layout {
  std::size_t first = 0;  ///< the header, or the first row; those before are titles
  bool header = false;
  bool row_names = false;  ///< the header names all columns but the first
  bool units = false;      ///< the row below the header is no row
  bool doubtful = false;   ///< no header, but the words of the first row are found in no other row
};

/// How many of the names are cells of this row.
std::size_t known_names(const SampleRow& row, const std::vector<std::string>& names);

/// The first row that holds enough of the expected names to be the header; -1: none.
int row_of_names(std::span<const SampleRow> rows, const std::vector<std::string>& names);

/// `width`: of most rows; `named`: row_of_names().
Layout find_layout(std::span<const SampleRow> rows, std::size_t width, int named, const ReadOptions& options);

}  // namespace pellucid::csv
