// Dialect: how a CSV text is written: its delimiter, whether it has a header, its columns' names; found from its start.
// Not here: reading the rows (csv.cc), the types of columns (column_reader.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/csv/scanner.h"
#include "pellucid/table.h"

namespace pellucid::csv {

using Row = std::vector<std::string>;

struct Dialect {
  char delimiter = ',';
  bool header = false;
  std::vector<std::string> names;
  std::vector<Row> sample;  ///< some first data rows
};

/// Throws D13 (too many columns), D16 (quotes), D23 (two columns of one name).
Dialect find_dialect(const std::string& text, const std::string& name, const ReadOptions& options);

/// The same from one line, for a stream: the columns that are expected tell more than a sample.
Dialect find_dialect_of_line(const std::string& line, const std::string& name, const std::vector<std::string>& expected,
                             const ReadOptions& options);

/// Throws D16 for a row that could not be read.
[[noreturn]] void refuse_quotes(Found found, const Scanner& scanner, const std::string& name);

/// Throws D13 for a row with other than so many cells.
void require_width(std::size_t found, const Dialect& dialect, std::uint32_t line, const std::string& name);

/// Throws D16 for bytes that are no text: NUL, UTF-16.
void refuse_binary(std::string_view text, const std::string& name);

}  // namespace pellucid::csv
