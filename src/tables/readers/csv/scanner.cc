// Scanner: divides CSV text into rows of cells (RFC 4180; blanks around cells are ignored).
// Not here: finding the delimiter (dialect.cc), numbers and words (column_reader.cc).
#include "tables/readers/csv/scanner.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace pellucid::csv {

namespace {

constexpr std::uint64_t ones = 0x0101010101010101u;
constexpr std::uint64_t highs = 0x8080808080808080u;

// Eight bytes as a number, the first one lowest.
std::uint64_t eight_bytes(const char* p) noexcept {
  std::uint64_t bytes;
  std::memcpy(&bytes, p, 8);
  if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  return bytes;
}

}  // namespace

std::string_view Cell::unescaped(std::string& scratch) const {
  const std::string_view raw(begin, static_cast<std::size_t>(end - begin));
  scratch.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    scratch += raw[i];
    if (raw[i] == doubled) ++i;  // of two quotes, keep one
  }
  return scratch;
}

Scanner::Scanner(const char* begin, const char* end, const Marks& marks, std::uint32_t line)
    : p_(begin),
      end_(end),
      marks_(marks),
      delimiters_(ones * static_cast<unsigned char>(marks.delimiter)),
      line_(line) {
  for (const char c : {marks.delimiter, '\n', '\r', '\0'}) stops_[static_cast<unsigned char>(c)] = true;
  if (marks.delimiter == ' ') stops_[static_cast<unsigned char>('\t')] = true;
}

// Skips a line end, if there is one, and returns whether there was.
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

bool Scanner::skip_line() noexcept {
  const char* p = p_;
  while (p != end_ && *p != '\n' && *p != '\r') ++p;
  if (p == end_ || (*p == '\r' && p + 1 == end_)) return false;
  p_ = p;
  return end_line();
}

Found Scanner::quoted_cell(std::vector<Cell>& cells) {
  Cell cell{p_ + 1, nullptr};
  for (const char* from = cell.begin;;) {
    const auto* quote =
        static_cast<const char*>(std::memchr(from, marks_.quote, static_cast<std::size_t>(end_ - from)));
    if (quote == nullptr) {
      p_ = end_;
      return Found::open_quote;
    }
    line_ += static_cast<std::uint32_t>(std::count(from, quote, '\n'));
    p_ = quote + 1;
    if (*p_ != static_cast<char>(marks_.quote)) {
      cell.end = quote;
      break;
    }
    cell.doubled = static_cast<char>(marks_.quote);
    from = quote + 2;
  }
  const bool apart = marks_.delimiter == ' ' && blank(*p_);
  while (blank(*p_)) ++p_;
  cells.push_back(cell);
  return apart || stops_[static_cast<unsigned char>(*p_)] ? Found::row : Found::stray_text;
}

// The byte that ends a cell without quotes. Eight bytes at once are searched for the first one that is the delimiter or
// below '!'. This test for zero bytes may wrongly mark bytes after the first match, but none before it (Mycroft 1987).
const char* Scanner::end_of_cell(const char* p) const noexcept {
  while (end_ - p >= 8) {
    const std::uint64_t bytes = eight_bytes(p);
    const std::uint64_t other = bytes ^ delimiters_;
    const std::uint64_t found = (((other - ones) & ~other) | ((bytes - ones * '!') & ~bytes)) & highs;
    if (found == 0) {
      p += 8;
      continue;
    }
    p += std::countr_zero(found) / 8;
    if (stops_[static_cast<unsigned char>(*p)]) return p;
    ++p;  // a blank
  }
  while (!stops_[static_cast<unsigned char>(*p)]) ++p;
  return p;
}

Found Scanner::next(std::vector<Cell>& cells) {
  if (!marks_.blank_rows) skip_blank_lines();
  if (p_ == end_) return Found::end;
  row_line_ = line_;
  cells.clear();
  for (;;) {
    while (blank(*p_)) ++p_;
    if (static_cast<unsigned char>(*p_) == marks_.quote) {
      const Found found = quoted_cell(cells);
      if (found != Found::row) return found;
    } else {
      const char* begin = p_;
      p_ = end_of_cell(begin);
      const char* end = p_;
      while (end != begin && blank(end[-1])) --end;
      cells.push_back({begin, end});
    }
    if (marks_.delimiter == ' ') {
      while (blank(*p_)) ++p_;
      if (p_ != end_ && *p_ != '\n' && *p_ != '\r') continue;
    }
    if (cells.size() > most_cells) return Found::too_wide;
    if (*p_ == marks_.delimiter) {
      ++p_;
    } else {
      end_line();
      return Found::row;
    }
  }
}

}  // namespace pellucid::csv
