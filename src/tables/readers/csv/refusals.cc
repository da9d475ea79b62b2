// Error messages about quotes, numbers of cells and long rows, with advice. Not here: the checks that find most of
// these errors (rows.cc, dialect.cc).
#include "tables/readers/csv/refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::csv {

namespace {

constexpr std::int64_t least_swallowed = 2;  // enclosed lines that look like rows, from which on it is an error

// Number of complete lines inside a cell, and of those with as many delimiters as the row that the cell belongs to.
struct Swallowed {
  std::int64_t lines = 0, rows = 0;
};

Swallowed swallowed_by(const Cell& cell, std::size_t delimiters, char delimiter) {
  Swallowed found;
  const char* line = std::find(cell.begin, cell.end, '\n');
  while (line != cell.end) {
    const char* end = std::find(line + 1, cell.end, '\n');
    if (end == cell.end) break;
    ++found.lines;
    if (static_cast<std::size_t>(std::count(line + 1, end, delimiter)) == delimiters) ++found.rows;
    line = end;
  }
  return found;
}

}  // namespace

void refuse_row(Found found, const Scanner& scanner, const std::string& name) {
  const std::string place = name + ":" + std::to_string(scanner.row_line());
  if (found == Found::too_wide) throw Error("D13", place + " has more than " + count_text(most_cells) + " cells");
  const bool open = found == Found::open_quote;
  throw Error("D16",
              place + (open ? ": a quote is opened in this row and never closed" : ": text follows a closing quote"),
              {"a quote inside quotes is doubled: \"\"; `quote = none` reads all quotes as text"});
}

void require_width(std::size_t found, std::size_t columns, bool header, bool first, std::uint32_t line,
                   const std::string& name) {
  if (found == columns) return;
  std::vector<std::string> ways;
  if (first && found > columns) ways.push_back("`skip_rows = N` skips lines above the header or the first row");
  throw Error("D13",
              name + ":" + std::to_string(line) + " has " + plural(static_cast<std::int64_t>(found), "field") +
                  ", the " + (header ? "header" : "first row") + " has " +
                  count_text(static_cast<std::int64_t>(columns)),
              ways);
}

void refuse_swallowed_rows(std::span<const Cell> cells, const Marks& marks, std::uint32_t line,
                           const std::string& name) {
  if (cells.size() < 2) return;
  for (const Cell& cell : cells) {
    const Swallowed found = swallowed_by(cell, cells.size() - 1, marks.delimiter);
    if (found.rows < least_swallowed || found.rows * 2 <= found.lines) continue;
    throw Error("D52",
                fmt::format("{}:{}: quotes that open in this row enclose {} that look like rows of the table", name,
                            line, plural(found.rows, "line")),
                {"`quote = none` reads all quotes as text; `quote = \"` reads these lines as one cell"});
  }
}

void refuse_long_row(const std::string& name, std::uint32_t line, std::string_view text, int quote) {
  const bool quoted = quote > 0 && text.find(static_cast<char>(quote)) != std::string_view::npos;
  throw Error("M02", fmt::format("{}:{}: the row that begins here is longer than 32 MiB", name, line),
              {quoted ? "a quote may have been opened by mistake; `quote = none` reads all quotes as text"
                      : "no line end was found in it: the file may not be a table"});
}

void refuse_nul(std::uint64_t offset, const std::string& name) {
  throw Error("D16", name + " is not text: byte " + count_text(static_cast<std::int64_t>(offset) + 1) + " is zero");
}

}  // namespace pellucid::csv
