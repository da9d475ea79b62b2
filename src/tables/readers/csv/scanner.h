// Scanner: CSV text into rows of cells, by position; quotes, blanks, line ends. Not here: what a cell means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::csv {

/// A cell as it lies in the text: without its quotes and without blanks around it.
struct Cell {
  const char* begin;
  const char* end;
  char doubled = '\0';  ///< the quote that is written twice inside, if one is

  /// The cell's text; unescaped into `scratch` if need be.
  std::string_view text(std::string& scratch) const {
    return doubled != '\0' ? unescaped(scratch) : std::string_view(begin, static_cast<std::size_t>(end - begin));
  }

 private:
  std::string_view unescaped(std::string& scratch) const;
};

enum class Found {
  row,
  end,         ///< no further row
  open_quote,  ///< the text ends inside quotes
  too_wide,    ///< a row of more than most_cells
  stray_text   ///< something other than blanks follows a closing quote
};

constexpr std::size_t most_cells = 100'000;

/// How rows are written. A delimiter ' ' is any number of blanks and tabs.
struct Marks {
  char delimiter = ',';
  int quote = '"';          ///< -1: none
  bool blank_rows = false;  ///< blank lines are rows of one empty cell, else none
};

/// Reads [begin, end), where *end must be '\0' and no other byte is; \n, \r\n and \r end a row.
class Scanner {
 public:
  Scanner(const char* begin, const char* end, const Marks& marks, std::uint32_t line = 1);

  Found next(std::vector<Cell>& cells);
  /// Steps over one line; false where none ends before the end.
  bool skip_line() noexcept;
  /// Whether the last row's end was seen, so that no further text can belong to it.
  bool complete() const noexcept { return p_[-1] == '\n'; }
  std::uint32_t row_line() const noexcept { return row_line_; }  ///< where the last row begins
  std::uint32_t line() const noexcept { return line_; }          ///< where the scanner stands
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
  std::uint64_t delimiters_;  // eight of them
  std::uint32_t line_;
  std::uint32_t row_line_ = 0;
  bool stops_[256] = {};  // bytes that end a bare cell
};

}  // namespace pellucid::csv
