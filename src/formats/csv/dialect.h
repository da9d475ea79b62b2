// Dialect: how a CSV text is written: its delimiter, whether it has a header, its columns' names; found from its start.
// Not here: reading the rows (csv.cc), the types of columns (column_reader.h).
#pragma once

#include <cstdint>
#include <optional>
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

/// From the start of a text, *end() of which is '\0'; nothing where more of it must be seen (it is not `whole`).
/// Throws D13 (too many columns), D23 (two columns of one name).
std::optional<Dialect> find_dialect(std::string_view text, bool whole, const std::string& name,
                                    const ReadOptions& options);

/// The same from one line, for a stream: the columns that are expected tell more than a sample.
Dialect find_dialect_of_line(const std::string& line, const std::string& name, const std::vector<std::string>& expected,
                             const ReadOptions& options);

/// Throws D16 for a row that could not be read.
[[noreturn]] void refuse_quotes(Found found, const Scanner& scanner, const std::string& name);

/// Throws D13 for a row with other than so many cells.
void require_width(std::size_t found, const Dialect& dialect, std::uint32_t line, const std::string& name);

/// Throws D16 for a text that begins like UTF-16.
void refuse_utf16(std::string_view text, const std::string& name);
/// Throws D16 for the zero byte at this offset.
[[noreturn]] void refuse_nul(std::uint64_t offset, const std::string& name);
/// Both, for all of a text.
void refuse_binary(std::string_view text, const std::string& name);

}  // namespace pellucid::csv
