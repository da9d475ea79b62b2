// Dialect: how a CSV text is written: its delimiter, where its rows begin, its columns' names; found from its start.
// Not here: reading the rows (csv.cc), the types of columns (column_reader.h).
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
  int quote = '"';  ///< -1: none
  bool header = false;
  std::size_t skipped_lines = 0;  ///< of the text, above the header or the first row
  std::size_t rows_above = 0;     ///< behind those and above the first row: a header, a row of units
  std::vector<std::string> names;
  std::vector<Row> sample;     ///< some first data rows
  std::vector<Finding> notes;  ///< D51: lines that are not read as rows
};

/// How much is known of a text: all, a part, or as much as a decision must do with.
enum class Extent { whole, part, enough };

/// From the start of a text, *end() of which is '\0'; nothing where more of it must be seen. `live`: the first rows
/// should decide. Throws D13 (too many columns), D16 (names that are not UTF-8), D23 (two columns of one name), M02 (a
/// row of more than 32 MiB).
std::optional<Dialect> find_dialect(std::string_view text, Extent extent, const std::string& name,
                                    const ReadOptions& options, bool live);

}  // namespace pellucid::csv
