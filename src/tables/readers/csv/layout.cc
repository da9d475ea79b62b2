// Rules that find titles, header and units. They are cautious: a row that is not clearly one of these is a data row.
// Not here: the names of the columns (dialect.cc).
#include "tables/readers/csv/layout.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "tables/words.h"

namespace pellucid::csv {

namespace {

constexpr std::size_t most_titles = 20;  // largest number of title rows
constexpr std::size_t least_units = 2;   // a row of units has units in at least this many columns of numbers
// Spellings of a missing number in other programs, in lower case; these are not units.
constexpr std::string_view no_units[] = {"-",    "--",      ".",    "..",   "*",    "none", "nil", "unknown",
                                         "n.a.", "missing", "void", "n/a.", "#n/a", "inf",  "nul"};

bool is_number(const std::string& cell) {
  double ignored;
  return read_number(cell, ignored) != Spelling::none;
}

bool is_word(const std::string& cell) {
  return !is_number(cell) && !is_missing(cell);
}

bool is_unit(const std::string& cell) {
  std::string lower = cell;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return is_word(cell) && std::find(std::begin(no_units), std::end(no_units), lower) == std::end(no_units);
}

// How many cells of a column are numbers and how many are words.
struct Below {
  std::size_t numbers = 0, words = 0;
  bool all_numbers() const { return numbers > 0 && words == 0; }
};

Below below(std::span<const SampleRow> rows, std::size_t column) {
  Below found;
  for (const SampleRow& row : rows) {
    if (column >= row.cells.size()) continue;
    found.numbers += is_number(row.cells[column]) ? 1 : 0;
    found.words += is_word(row.cells[column]) ? 1 : 0;
  }
  return found;
}

// Whether the first row is a header: words of which one is above a number, or none occurs twice, here or below it.
// If cells of the first row are numbers or look like missing cells, there must be more columns with a word above
// nothing but numbers than columns that begin with a number.
bool looks_like_header(std::span<const SampleRow> rows) {
  const std::vector<std::string>& first = rows.front().cells;
  std::size_t for_names = 0, against = 0;
  std::set<std::string_view> distinct;
  bool odd = false, above_number = false, repeats = false;
  for (std::size_t c = 0; c < first.size(); ++c) {
    if (first[c].empty()) continue;
    const Below cells = below(rows.subspan(1), c);
    const bool word = is_word(first[c]);
    odd = odd || !word;
    against += is_number(first[c]) ? 1 : 0;
    for_names += word && cells.all_numbers() ? 1 : 0;
    above_number = above_number || cells.numbers > 0;
    repeats = !distinct.insert(first[c]).second || repeats;
    for (std::size_t r = 1; r < rows.size(); ++r) {
      repeats = repeats || (c < rows[r].cells.size() && rows[r].cells[c] == first[c]);
    }
  }
  if (odd) return for_names > against;
  return !distinct.empty() && (above_number || !repeats);
}

// Whether the first row may be a header after all: none of its words occurs again in its column, and in one of these
// columns the other words repeat.
bool may_be_header(std::span<const SampleRow> rows) {
  const std::vector<std::string>& first = rows.front().cells;
  bool found = false;
  for (std::size_t c = 0; c < first.size(); ++c) {
    if (!is_word(first[c])) continue;
    std::set<std::string_view> words;
    std::size_t count = 0;
    for (const SampleRow& row : rows.subspan(1)) {
      if (c >= row.cells.size() || !is_word(row.cells[c])) continue;
      words.insert(row.cells[c]);
      ++count;
    }
    if (words.contains(first[c])) return false;
    found = found || words.size() < count;
  }
  return found;
}

// Whether the row may be a title: at most half as many nonempty cells as the table has columns.
bool is_title(const SampleRow& row, std::size_t width) {
  const auto filled = std::count_if(row.cells.begin(), row.cells.end(), [](const auto& cell) { return !cell.empty(); });
  return static_cast<std::size_t>(filled) * 2 <= width && width > 1;
}

// Whether the row may be the header of a table with titles: one word per column.
bool is_full(const SampleRow& row, std::size_t width) {
  const bool fits = row.cells.size() == width || row.cells.size() + 1 == width;  // R writes no name for row names
  return fits && std::all_of(row.cells.begin(), row.cells.end(), is_word);
}

// Number of title rows. They are skipped only if a row of distinct words follows, with numbers below; else 0.
std::size_t count_titles(std::span<const SampleRow> rows, std::size_t width) {
  std::size_t titles = 0;
  while (titles < rows.size() && titles < most_titles && is_title(rows[titles], width)) ++titles;
  if (titles == 0 || titles + 2 > rows.size() || !is_full(rows[titles], width)) return 0;
  const std::vector<std::string>& names = rows[titles].cells;
  if (std::set<std::string_view>(names.begin(), names.end()).size() < names.size()) return 0;
  std::span<const SampleRow> table = rows.subspan(titles + 1);
  for (std::size_t c = 0; c < width; ++c) {
    if (below(table, c).numbers > 0) return titles;
  }
  return 0;
}

// Whether the first column holds row names without a name of their own: every row has one cell more than the header,
// and with the names moved by one column, at least one is above nothing but numbers.
bool has_row_names(std::span<const SampleRow> rows, std::size_t names) {
  const auto longer = [&](const SampleRow& row) { return row.cells.size() == names + 1 && !row.cells.front().empty(); };
  const auto open = [](const SampleRow& row) { return row.cells.back().empty(); };
  if (rows.empty() || !std::all_of(rows.begin(), rows.end(), longer)) return false;
  if (std::all_of(rows.begin(), rows.end(), open)) return false;
  for (std::size_t c = 1; c <= names; ++c) {
    if (below(rows, c).all_numbers()) return true;
  }
  return false;
}

// Whether the first row (below the header `names`) holds units: no numbers, and units in columns of numbers. What the
// user says about a column's kind counts more than its first cells.
bool is_row_of_units(std::span<const SampleRow> rows, const std::vector<std::string>& names, bool row_names,
                     const ReadOptions& options) {
  const std::vector<std::string>& cells = rows.front().cells;
  std::size_t units = 0;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (is_number(cells[c])) return false;
    const std::size_t named = c - (row_names ? 1 : 0);
    const auto kind = named < names.size() ? options.kinds.find(names[named]) : options.kinds.end();
    const bool number =
        kind != options.kinds.end() ? kind->second == AskedKind::number : below(rows.subspan(1), c).all_numbers();
    units += number && is_unit(cells[c]) ? 1 : 0;
  }
  return units >= least_units;
}

}  // namespace

std::size_t known_names(const SampleRow& row, const std::vector<std::string>& names) {
  const std::set<std::string_view> cells(row.cells.begin(), row.cells.end());
  return static_cast<std::size_t>(
      std::count_if(names.begin(), names.end(), [&](const std::string& name) { return cells.contains(name); }));
}

int row_of_names(std::span<const SampleRow> rows, const std::vector<std::string>& names) {
  for (std::size_t r = 0; r < std::min(rows.size(), most_titles + 1); ++r) {
    const std::size_t known = known_names(rows[r], names);
    const bool enough = known * 2 >= std::min(names.size(), rows[r].cells.size());
    if (known > 0 && (r == 0 || enough)) return static_cast<int>(r);
  }
  return -1;
}

Layout find_layout(std::span<const SampleRow> rows, std::size_t width, int named, const ReadOptions& options) {
  Layout layout;
  const bool free = options.skip_rows < 0;
  if (options.header != 0 && named >= 0 && (named == 0 || free)) {
    layout = {static_cast<std::size_t>(named), true, false, false};
  } else if (options.header == 0) {
    return layout;
  } else {
    if (free && options.header < 0) layout.first = count_titles(rows, width);
    layout.header = layout.first > 0 || options.header == 1 || looks_like_header(rows);
  }
  if (!layout.header) layout.doubtful = may_be_header(rows);
  if (!layout.header) return layout;
  const std::span<const SampleRow> below_names = rows.subspan(layout.first + 1);
  const std::vector<std::string>& names = rows[layout.first].cells;
  layout.row_names = has_row_names(below_names, names.size());
  layout.units = free && !below_names.empty() && is_row_of_units(below_names, names, layout.row_names, options);
  return layout;
}

}  // namespace pellucid::csv
