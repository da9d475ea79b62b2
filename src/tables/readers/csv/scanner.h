// Scanner: divides CSV text into rows of cells: delimiters, quotes, blanks, line ends.
// Not here: what a cell means (column_reader.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::csv {

/// The position of a cell in the text, without enclosing quotes and blanks.
struct Cell {
  const char* begin;
  const char* end;
  char doubled = '\0';  ///< the quote, if the cell contains quotes written twice; else 0

  /// The cell's text. If it contains doubled quotes, it is unescaped into `scratch`.
  std::string_view text(std::string& scratch) const {
    return doubled != '\0' ? unescaped(scratch) : std::string_view(begin, static_cast<std::size_t>(end - begin));
  }

 private:
  std::string_view unescaped(std::string& scratch) const;
};

/// What Scanner::next() has found.
enum class Found {
  row,
  end,         ///< no further row
  open_quote,  ///< the text ends inside quotes
  too_wide,    ///< a row of more than most_cells
  stray_text   ///< text follows a closing quote
};

constexpr std::size_t most_cells = 100'000;

/// How rows are written. The delimiter ' ' means any number of blanks and tabs.
struct Marks {
  char delimiter = ',';
  int quote = '"';          ///< character that encloses cells; -1: none
  bool blank_rows = false;  ///< whether a blank line is a row of one empty cell; else it is skipped
};

/// Reads the text [begin, end). *end must be '\0', and the text must not contain this byte. \n, \r\n and \r end a row.
class Scanner {
 public:
  Scanner(const char* begin, const char* end, const Marks& marks, std::uint32_t line = 1);

  /// Reads the next row.
  Found next(std::vector<Cell>& cells);
  /// Skips one line. Returns false, and does not move, if the text ends before the line does.
  bool skip_line() noexcept;
  /// Whether the last row ends with \n, so that text after `end` cannot belong to it.
  bool complete() const noexcept { return p_[-1] == '\n'; }
  std::uint32_t row_line() const noexcept { return row_line_; }  ///< line where the last row begins
  std::uint32_t line() const noexcept { return line_; }          ///< line of the scanner's position
  const char* at() const noexcept { return p_; }
  bool at_end() const noexcept { return p_ == end_; }

 private:
  bool blank(char c) const noexcept { return c == ' ' || (c == '\t' && marks_.delimiter != '\t'); }
  void skip_blank_lines() noexcept;
  bool end_line() noexcept;
  Found quoted_cell(std::vector<Cell>& cells);
  const char* end_of_cell(const char* p) const noexcept;

  const char* p_;
  const char* end_;
  Marks marks_;
  std::uint64_t delimiters_;  // the delimiter in all eight bytes
  std::uint32_t line_;
  std::uint32_t row_line_ = 0;
  bool stops_[256] = {};  // bytes that end a cell without quotes
};

}  // namespace pellucid::csv
