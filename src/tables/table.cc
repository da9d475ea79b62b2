// Table: finding columns, naming a row's place for messages, appending rows, checking.
// Not here: reading files (tables/readers), spellings of missing cells (missing.cc), learning (prepare/fit.cc).
#include "pellucid/table.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "tables/column_index.h"
#include "tables/row_blocks.h"
#include "tables/words.h"

namespace pellucid {

namespace {

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

bool all_missing(const Column& column) {
  return column.type == Column::Type::number &&
         std::all_of(column.numbers.begin(), column.numbers.end(), [](double x) { return std::isnan(x); });
}

// Changes a column of numbers without any present cell to text. (Readers make columns without present cells numbers.)
void become_text(Column& column) {
  column.type = Column::Type::text;
  column.codes.assign(column.numbers.size(), -1);
  column.numbers.clear();
}

void append_words(Column& to, const Column& from) {
  std::unordered_map<std::string_view, std::int32_t> known;
  for (std::size_t i = 0; i < to.words.size(); ++i) known.emplace(to.words[i], static_cast<std::int32_t>(i));
  std::vector<std::int32_t> renamed;
  std::vector<std::string> added;
  for (const std::string& word : from.words) {
    const auto [place, fresh] = known.emplace(word, static_cast<std::int32_t>(known.size()));
    if (fresh) added.push_back(word);
    renamed.push_back(place->second);
  }
  to.words.insert(to.words.end(), added.begin(), added.end());
  for (const std::int32_t code : from.codes) to.codes.push_back(code < 0 ? -1 : renamed[code]);
}

void append_column(Column& to, const Column& from) {
  for (const auto& [spelling, cells] : from.missing) to.missing[spelling] += cells;
  switch (to.type) {
    case Column::Type::number:
      to.integers = to.integers && from.integers;
      to.numbers.insert(to.numbers.end(), from.numbers.begin(), from.numbers.end());
      break;
    case Column::Type::bytes:
      to.bytes.insert(to.bytes.end(), from.bytes.begin(), from.bytes.end());
      break;
    case Column::Type::text:
      append_words(to, from);
      break;
  }
}

const char* type_name(Column::Type type) {
  return type == Column::Type::number ? "numbers" : type == Column::Type::text ? "text" : "bytes";
}

// Index in `other` of each column of `table`. Throws D20 unless types and shapes agree; numbers and text agree if one
// of the two columns has no present cell.
std::vector<int> matched(Table& table, const Table& other) {
  std::vector<int> indices;
  const ColumnIndex index(other);
  for (Column& mine : table.columns) {
    const int at = index.find(mine.name);
    if (at < 0) {
      const std::string near = closest(mine.name, names_of(other));
      throw Error("D20", other.source + " lacks the column " + quote(mine.name) + " of " + table.source,
                  near.empty() ? std::vector<std::string>{} : std::vector<std::string>{"it has " + quote(near)});
    }
    const Column& theirs = other.columns[at];
    const bool rescued = mine.shape == Shape{} && theirs.shape == Shape{} &&
                         ((theirs.type == Column::Type::text && all_missing(mine)) ||
                          (mine.type == Column::Type::text && all_missing(theirs)));
    if (!rescued && (mine.type != theirs.type || !(mine.shape == theirs.shape))) {
      throw Error("D20", "column " + quote(mine.name) + " contains " + type_name(mine.type) + " (" + mine.shape.text() +
                             ") in " + table.source + ", " + type_name(theirs.type) + " (" + theirs.shape.text() +
                             ") in " + other.source);
    }
    indices.push_back(at);
  }
  return indices;
}

[[noreturn]] void refuse(const Table& table, const Column& column, const std::string& reason) {
  throw Error("U20", "column " + quote(column.name) + " of " + table.source + " " + reason);
}

void check_column(const Table& table, const Column& column) {
  const bool numbers = column.type == Column::Type::number, words = column.type == Column::Type::text;
  if (words && !(column.shape == Shape{})) refuse(table, column, "contains words, and more than one per row");
  const std::size_t found = numbers ? column.numbers.size() : words ? column.codes.size() : column.bytes.size();
  const std::int64_t wanted = Shape{table.rows, column.cell()}.elements();
  if (static_cast<std::int64_t>(found) != wanted) {
    refuse(table, column,
           "has " + plural(static_cast<std::int64_t>(found), "cell") + ", the table's " + plural(table.rows, "row") +
               " need " + count_text(wanted));
  }
  if (!words || column.codes.empty()) return;
  const auto [least, most] = std::minmax_element(column.codes.begin(), column.codes.end());
  if (*least < -1 || *most >= static_cast<std::int64_t>(column.words.size())) {
    refuse(table, column,
           "contains the code " + std::to_string(*least < -1 ? *least : *most) + ", which stands for none of " +
               plural(static_cast<std::int64_t>(column.words.size()), "word"));
  }
}

// Whether the columns have the names c1, c2, … that readers give to the columns of a file without header.
bool has_no_header(const Table& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name != "c" + std::to_string(i + 1)) return false;
  }
  return !table.columns.empty();
}

}  // namespace

int Table::find(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

int Table::require(std::string_view name) const {
  const int at = find(name);
  if (at >= 0) return at;
  if (has_no_header(*this)) {
    throw Error(
        "D11", "no column " + quote(name) + " in " + source + ", where no header was found",
        {"columns are named c1 to " + columns.back().name + "; `header = yes` takes the names from the first line"});
  }
  const std::vector<std::string> names = names_of(*this);
  const std::string part = std::string(name) + ",";
  const auto split = std::find_if(names.begin(), names.end(), [&](auto& whole) { return whole.starts_with(part); });
  std::string near = split != names.end() ? *split : closest(name, names);
  std::vector<std::string> ways = {near.empty() ? "it has " + listed(names) : "did you mean " + quote(near) + "?"};
  if (split != names.end())
    ways.push_back("in a list, a name that contains a comma stands in double quotes: " + shell_word(list_name(near)));
  throw Error("D11",
              "no column " + quote(name) + " in " + source + " (" +
                  plural(static_cast<std::int64_t>(columns.size()), "column") + ")",
              ways);
}

std::string Table::place(std::int64_t row) const {
  const std::string* from = &source;
  std::int64_t first = 0;
  const auto after = [](std::int64_t r, const Part& part) { return r < part.first_row; };
  if (const auto part = std::upper_bound(parts.begin(), parts.end(), row, after); part != parts.begin()) {
    if (part[-1].single) return part[-1].source;
    from = &part[-1].source;
    first = part[-1].first_row;
  }
  if (row >= 0 && row < static_cast<std::int64_t>(lines.size()) && lines[row] > 0) {
    return *from + ":" + std::to_string(lines[row]);
  }
  return *from + ", row " + std::to_string(row - first + 1);
}

void Table::check() const {
  if (rows < 0 || test_rows < 0 || test_rows > rows) {
    throw Error("U20", source + " has " + plural(rows, "row") + ", " + count_text(test_rows) + " of them test rows");
  }
  std::unordered_set<std::string_view> names;
  for (const Column& column : columns) {
    check_column(*this, column);
    if (!names.insert(column.name).second) {
      throw Error("D23", source + " has two columns named " + quote(column.name));
    }
  }
}

void Table::append(const Table& other) {
  if (&other == this) return append(Table(other));
  check();
  other.check();
  const std::vector<int> indices = matched(*this, other);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& from = other.columns[indices[i]];
    if (columns[i].type == Column::Type::number && from.type == Column::Type::text) become_text(columns[i]);
    if (columns[i].type == Column::Type::text && from.type == Column::Type::number) {
      Column nothing = from;
      become_text(nothing);
      append_column(columns[i], nothing);
    } else {
      append_column(columns[i], from);
    }
  }
  parts.push_back({rows, other.source});
  for (const Part& part : other.parts) parts.push_back({rows + part.first_row, part.source, part.single});
  notes.insert(notes.end(), other.notes.begin(), other.notes.end());
  read_as.insert(other.read_as.begin(), other.read_as.end());
  missing_words.words.insert(other.missing_words.words.begin(), other.missing_words.words.end());
  lines.resize(rows, 0);
  lines.insert(lines.end(), other.lines.begin(), other.lines.end());
  rows += other.rows;
  lines.resize(rows, 0);
  for (const Column& column : columns) expect_reading_in_order(column);
}

}  // namespace pellucid
