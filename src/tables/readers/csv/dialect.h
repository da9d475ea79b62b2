// Dialect: how a CSV is written (delimiter, first row, names of the columns), found from the beginning of its text.
// Not here: reading the rows (csv.cc), the types of the columns (column_reader.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/table.h"

namespace pellucid::csv {

using Row = std::vector<std::string>;

struct Dialect {
  char delimiter = ',';
  int quote = '"';  ///< character that encloses cells; -1: none
  bool header = false;
  std::size_t skipped_lines = 0;  ///< lines above the header, or above the first row if there is no header
  std::size_t rows_above = 0;     ///< rows between those lines and the first data row: header, units
  std::vector<std::string> names;
  std::vector<Row> sample;     ///< the first data rows
  std::vector<Finding> notes;  ///< D51: lines that are not read as rows
};

/// How much of a text is available: all of it (whole), its beginning (part), or its beginning, which must suffice
/// (enough).
enum class Extent { whole, part, enough };

/// Finds the dialect from the beginning of a text, where *text.end() must be '\0'. Returns nothing if more text is
/// needed (only for Extent::part). `live`: decide after few rows. Throws D10 (no rows), D13 (too many columns), D16
/// (broken quotes, names that are not UTF-8), D23 (two columns with one name), M02 (a row of more than 32 MiB).
std::optional<Dialect> find_dialect(std::string_view text, Extent extent, const std::string& name,
                                    const ReadOptions& options, bool live);

}  // namespace pellucid::csv
