// Refusals: what is said of CSV text that cannot be read as rows. Not here: cells that do not fit their column
// (csv.cc).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tables/readers/csv/scanner.h"

namespace pellucid::csv {

/// Throws D13 or D16 for a row that could not be read.
[[noreturn]] void refuse_row(Found found, const Scanner& scanner, const std::string& name);

/// Throws D13 for a row with other than so many cells; `first`: no row stands above it.
void require_width(std::size_t found, std::size_t columns, bool header, bool first, std::uint32_t line,
                   const std::string& name);

/// Throws D52 where quotes of this row enclose lines that look like rows of the table.
void refuse_swallowed_rows(std::span<const Cell> cells, const Marks& marks, std::uint32_t line,
                           const std::string& name);

/// Throws M02 for a row that is longer than what is taken, the start of which is `text`.
[[noreturn]] void refuse_long_row(const std::string& name, std::uint32_t line, std::string_view text, int quote);

/// Throws D16 for the zero byte at this offset.
[[noreturn]] void refuse_nul(std::uint64_t offset, const std::string& name);

}  // namespace pellucid::csv
