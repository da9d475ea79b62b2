// Reads the group or time of each row from a column. Not here: dividing the rows (divide.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/preprocess.h"
#include "pellucid/setting_hint.h"
#include "prepare/divide.h"
#include "prepare/kinds.h"
#include "tables/cells.h"
#include "tables/dates.h"
#include "tables/words.h"

namespace pellucid {

namespace {

// How missing cells are spelled, as in " (spelled TBD, NaT)"; "" if they are blank.
std::string spellings(const Column& column) {
  std::vector<std::string> words;
  for (const auto& [word, cells] : column.missing) {
    if (!word.empty()) words.push_back(quote(word));
  }
  return words.empty() ? "" : " (" + listed(words, 3) + ")";
}

// Throws D12: names the date form of most cells and the first cell that does not have it.
[[noreturn]] void refuse_time(const Table& table, const Column& column, const Rows& rows) {
  const DatesFound found = find_dates(column.words);
  const auto is_other = [&](std::int64_t row) {
    const std::string& word = column.words[static_cast<std::size_t>(column.codes[row])];
    return !found.near || !read_date(word, *found.near);
  };
  const auto first = std::find_if(rows.begin(), rows.end(), is_other);
  const std::int64_t row = first == rows.end() ? rows[0] : *first;
  const std::string& word = column.words[static_cast<std::size_t>(column.codes[row])];
  const std::string place = fmt::format("{}, column {}: {}", table.place(row), quote(column.name), quote(word));
  if (!found.ambiguous.empty()) {
    std::vector<std::string> ways;
    for (const AskedKind kind : form_kinds(found.forms)) ways.push_back(kind_hint(column.name, text_of(kind)));
    throw Error("D12", place + " may be " + form_orders(found.forms),
                {"no cell of this column shows which", "choose: " + join(ways, " | ")});
  }
  if (!found.near) {
    throw Error("D12", place + " is neither a number nor a date like 2026-01-31",
                {"a column of times contains numbers or dates"});
  }
  throw Error(
      "D12",
      fmt::format("{} is not a date of the form {}, which most cells of the column have", place, text_of(*found.near)),
      {plural(std::count_if(rows.begin(), rows.end(), is_other), "such cell") + " in this column",
       "write them like the other cells, or leave the rows out: " +
           setting_hint_list("na", {column.name + ":" + word}) + " `missing = drop`"});
}

}  // namespace

void require_single_present(const Table& table, const Column& column, const Rows& rows) {
  if (column.cell() != 1) {
    throw Error("D20",
                fmt::format("column {} has {} numbers per row; a column that divides the rows has one value per row",
                            quote(column.name), column.shape.text()));
  }
  const std::vector<bool> missing = rows_with_missing(column);
  const auto lacks = [&](std::int64_t row) { return missing[static_cast<std::size_t>(row)]; };
  const auto first = std::find_if(rows.begin(), rows.end(), lacks);
  if (first == rows.end()) return;
  throw Error("D14",
              fmt::format("{}, column {}: the cell is missing{}, so the row belongs to no split", table.place(*first),
                          quote(column.name), spellings(column)),
              {plural(std::count_if(first, rows.end(), lacks), "such row") + " in all",
               "choose: `missing = drop` leaves these rows out | fill the cells"});
}

LargeVector<std::int32_t> group_cells(const Table& table, int column, const Rows& rows) {
  require_single_present(table, table.columns[column], rows);
  WordCells cells(table.columns[column]);
  cells.all();  // numbers the groups in the order of all rows of the table
  LargeVector<std::int32_t> groups;
  groups.reserve(rows.size());
  for (const std::int64_t row : rows) groups.push_back(cells.code(row));
  return groups;
}

LargeVector<double> time_cells(const Table& table, int at, const Rows& rows, std::optional<AskedKind> asked) {
  const Column& column = table.columns[at];
  require_single_present(table, column, rows);
  LargeVector<double> times;
  times.reserve(rows.size());
  if (column.type != Column::Type::text) {
    const NumberCells cells(table, column);
    for (const std::int64_t row : rows) times.push_back(cells[row]);
    return times;
  }
  if (rows.empty()) return times;
  const FoundKind found = find_kind(table, column, asks_for_dates(asked) ? asked : std::nullopt);
  if (found.kind != ColumnKind::date || found.date == DateForm::time_of_day) refuse_time(table, column, rows);
  std::vector<double> elapsed;
  for (const std::string& word : column.words) elapsed.push_back(read_date(word, found.date)->elapsed);
  for (const std::int64_t row : rows) times.push_back(elapsed[static_cast<std::size_t>(column.codes[row])]);
  return times;
}

}  // namespace pellucid
