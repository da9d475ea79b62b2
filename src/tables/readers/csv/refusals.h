// Errors for CSV text that cannot be read as rows.
// Not here: errors for cells that do not fit their column (csv.cc).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tables/readers/csv/scanner.h"

namespace pellucid::csv {

/// Throws D13 (too many cells) or D16 (malformed quotes) for a row that the scanner could not read.
[[noreturn]] void refuse_row(Found found, const Scanner& scanner, const std::string& name);

/// Throws D13 if a row has `found` cells instead of `columns`. `header`: whether the file has a header; `first`:
/// whether the row is among the first ones, so that lines above may be the cause.
void require_width(std::size_t found, std::size_t columns, bool header, bool first, std::uint32_t line,
                   const std::string& name);

/// Throws D52 if quotes in this row enclose lines that look like rows of the table.
void refuse_swallowed_rows(std::span<const Cell> cells, const Marks& marks, std::uint32_t line,
                           const std::string& name);

/// Throws M02 for a row that is longer than 32 MiB. `text`: the text read so far, or from the row on; `quote`: as in
/// Dialect.
[[noreturn]] void refuse_long_row(const std::string& name, std::uint32_t line, std::string_view text, int quote);

/// Throws D16 for a zero byte at this offset of the text.
[[noreturn]] void refuse_nul(std::uint64_t offset, const std::string& name);

}  // namespace pellucid::csv
