// Scanner: CSV text into rows of cells (RFC 4180, with blanks around cells ignored).
// Not here: finding the delimiter (dialect.cc), numbers and words (column_reader.cc).
#include "formats/csv/scanner.h"

#include <algorithm>
#include <cstring>

namespace pellucid::csv {

std::string_view Cell::text(std::string& scratch) const {
  const std::string_view raw(begin, static_cast<std::size_t>(end - begin));
  if (!escaped) return raw;
  scratch.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    scratch += raw[i];
    if (raw[i] == '"') ++i;  // of a pair, one
  }
  return scratch;
}

Scanner::Scanner(const char* begin, const char* end, char delimiter, std::uint32_t line)
    : p_(begin), end_(end), delimiter_(delimiter), line_(line) {
  for (const char c : {delimiter, '\n', '\r', '\0'}) stops_[static_cast<unsigned char>(c)] = true;
}

// Steps over a line end, if there is one.
bool Scanner::end_line() noexcept {
  if (*p_ != '\n' && *p_ != '\r') return false;
  p_ += p_[0] == '\r' && p_[1] == '\n' ? 2 : 1;
  ++line_;
  return true;
}

void Scanner::skip_blank_lines() noexcept {
  for (;;) {
    const char* row = p_;
    while (blank(*p_)) ++p_;
    if (p_ == end_) return;
    if (!end_line()) {
      p_ = row;
      return;
    }
  }
}

Found Scanner::quoted_cell(std::vector<Cell>& cells) {
  Cell cell{p_ + 1, nullptr};
  for (const char* from = cell.begin;;) {
    const auto* quote = static_cast<const char*>(std::memchr(from, '"', static_cast<std::size_t>(end_ - from)));
    if (quote == nullptr) return Found::open_quote;
    line_ += static_cast<std::uint32_t>(std::count(from, quote, '\n'));
    p_ = quote + 1;
    if (*p_ != '"') {
      cell.end = quote;
      break;
    }
    cell.escaped = true;
    from = quote + 2;
  }
  while (blank(*p_)) ++p_;
  cells.push_back(cell);
  return stops_[static_cast<unsigned char>(*p_)] ? Found::row : Found::stray_text;
}

Found Scanner::next(std::vector<Cell>& cells) {
  skip_blank_lines();
  if (p_ == end_) return Found::end;
  row_line_ = line_;
  cells.clear();
  for (;;) {
    while (blank(*p_)) ++p_;
    if (*p_ == '"') {
      const Found found = quoted_cell(cells);
      if (found != Found::row) return found;
    } else {
      const char* begin = p_;
      while (!stops_[static_cast<unsigned char>(*p_)]) ++p_;
      const char* end = p_;
      while (end != begin && blank(end[-1])) --end;
      cells.push_back({begin, end});
    }
    if (*p_ == delimiter_) {
      ++p_;
    } else {
      end_line();
      return Found::row;
    }
  }
}

}  // namespace pellucid::csv
