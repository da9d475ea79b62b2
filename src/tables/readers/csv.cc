// Reads a CSV into a Table, in one pass over the text, and a second pass for columns that turned out to be words.
// Not here: cells (csv/scanner.cc), delimiter and header (csv/dialect.cc), reading some rows at a time (csv/stream.cc).
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "tables/column_index.h"
#include "tables/readers/csv/blocks.h"
#include "tables/readers/csv/column_reader.h"
#include "tables/readers/csv/dialect.h"
#include "tables/readers/csv/reading_notes.h"
#include "tables/readers/csv/rows.h"
#include "tables/readers/csv/totals.h"
#include "tables/readers/csv/verbatim.h"
#include "tables/readers/format.h"
#include "tables/words.h"

namespace pellucid {

namespace csv {
namespace {

std::vector<ColumnReader> readers_for(const Dialect& dialect, const ReadOptions& options) {
  std::vector<ColumnReader> readers;
  double ignored;
  for (std::size_t i = 0; i < dialect.names.size(); ++i) {
    const Wish wish = wish_of(dialect.names[i], options);
    const auto is_word = [&](const Row& row) {
      return i < row.size() && !wish.missing.beside_values(row[i]) && read_number(row[i], ignored) == Spelling::none;
    };
    readers.emplace_back(dialect.names[i], i, wish, std::any_of(dialect.sample.begin(), dialect.sample.end(), is_word));
  }
  return readers;
}

// Estimates the number of rows from the first ones, so that columns reserve memory once instead of growing often.
class RowEstimate {
 public:
  explicit RowEstimate(const Blocks& blocks) : blocks_(blocks) {}

  template <class Reserve>
  void see(std::int64_t rows, std::uint64_t passed, const Reserve& reserve) {
    if (rows < next_) return;
    next_ = rows + least_rows;
    const double share = blocks_.share(passed);
    if (share <= 0) return;
    next_ = std::max(next_, static_cast<std::int64_t>(1.02 * static_cast<double>(rows) / share));
    reserve(static_cast<std::size_t>(next_));
  }

 private:
  static constexpr std::int64_t least_rows = 1024;
  const Blocks& blocks_;
  std::int64_t next_ = least_rows;  // number of rows at which the next estimate is made
};

// One pass over the text: gives the cells of every row to `readers`. Returns the line number of each row.
LargeVector<std::uint32_t> read_rows(Rows& rows, const Blocks& blocks, const Dialect& dialect,
                                     const std::vector<ColumnReader*>& readers, Verbatim& verbatim) {
  LargeVector<std::uint32_t> lines;
  std::vector<Cell> cells;
  std::string scratch;
  RowEstimate estimate(blocks);
  rows.begin(dialect);
  while (rows.next(cells)) {
    const auto row = static_cast<std::int64_t>(lines.size());
    for (ColumnReader* reader : readers) reader->add(cells[reader->index()].text(scratch), row);
    verbatim.add(cells);
    lines.push_back(rows.line());
    estimate.see(row + 1, rows.passed(), [&](std::size_t expected) {
      lines.reserve(expected);
      for (ColumnReader* reader : readers) reader->reserve(expected);
    });
  }
  return lines;
}

// Reads all columns. Columns that began as numbers and turned out to be words are read a second time, because the text
// of their first cells was not kept.
LargeVector<std::uint32_t> read_columns(Rows& rows, Blocks& blocks, const Dialect& dialect, const ReadOptions& options,
                                        std::vector<ColumnReader>& readers, Verbatim& verbatim) {
  std::vector<ColumnReader*> all, again;
  for (ColumnReader& reader : readers) all.push_back(&reader);
  auto lines = read_rows(rows, blocks, dialect, all, verbatim);
  for (ColumnReader& reader : readers) {
    reader.settle();
    if (reader.must_reread()) again.push_back(&reader);
  }
  if (again.empty()) return lines;
  for (ColumnReader* reader : again) reader->begin_again();
  blocks.rewind();
  Rows once_more(blocks, options);
  Verbatim none({}, {});
  if (read_rows(once_more, blocks, dialect, again, none) != lines) {
    throw Error("D10", blocks.name() + " changed while it was read");
  }
  for (ColumnReader* reader : again) reader->settle();
  return lines;
}

// Cells of all columns that cannot be used for the same reason.
struct Unfit {
  std::size_t column = 0;  // position of the column with the first such cell
  const Tally* first = nullptr;
  std::int64_t cells = 0;
  std::int64_t columns = 0;
  std::vector<std::string> per_column;

  std::string summary(const std::string& what) const {
    return plural(cells, what) + " in " + plural(columns, "column") + " (" + listed(per_column) + ")";
  }
};

template <class Sort>
std::optional<Unfit> gather(const std::vector<ColumnReader>& readers, Sort ColumnReader::*sort) {
  Unfit unfit;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const Tally& tally = readers[i].*sort;
    if (tally.count == 0) continue;
    if (unfit.first == nullptr || tally.first_row < unfit.first->first_row) {
      unfit.first = &tally;
      unfit.column = i;
    }
    unfit.cells += tally.count;
    ++unfit.columns;
    unfit.per_column.push_back(readers[i].name() + " " + count_text(tally.count));
  }
  return unfit.first ? std::optional(unfit) : std::nullopt;
}

std::string place_of(const Table& table, const std::vector<ColumnReader>& readers, const Unfit& unfit) {
  return fmt::format("{}, column {} {}", table.place(unfit.first->first_row), unfit.column + 1,
                     quote(readers[unfit.column].name()));
}

void refuse_ambiguous_marks(const Table& table, const std::vector<ColumnReader>& readers) {
  const auto unfit = gather(readers, &ColumnReader::ambiguous);
  if (!unfit) return;
  const ColumnReader& reader = readers[unfit->column];
  const auto choose = [&](const char* kind) { return kind_hint(reader.name(), kind); };
  throw Error(
      "D12",
      fmt::format("{}: {} may be {} or {}", place_of(table, readers, *unfit), quote(unfit->first->text),
                  reader.found().as_point, reader.found().as_comma),
      {"no cell of this column shows whether the mark separates thousands or decimals",
       "choose: " + choose("number") + " (thousands) | " + choose("decimal-comma") + " | " + choose("categorical")});
}

void refuse_unfit_cells(const Table& table, const std::vector<ColumnReader>& readers, bool missing_error) {
  if (const auto unfit = gather(readers, &ColumnReader::not_utf8)) {
    throw Error("D16", place_of(table, readers, *unfit) + ": the cell is not UTF-8",
                {"files from Excel are usually Windows-1252: `encoding = cp1252`"});
  }
  refuse_ambiguous_marks(table, readers);
  if (const auto unfit = gather(readers, &ColumnReader::not_numbers)) {
    const auto& form = readers[unfit->column].form();
    const std::string& column = readers[unfit->column].name();
    throw Error(
        "D12",
        place_of(table, readers, *unfit) + ": " + quote(unfit->first->text) + " is not a number" +
            (form ? " like " + form->text() : ""),
        {unfit->summary("such cell") + (table.missing_words.usual
                                            ? "; none, unknown, NA, NaN, ? and blanks count as missing, this does not"
                                            : "; only blanks count as missing (`no_na = true`)"),
         unfit->first->text == column ? "the row repeats the header: remove it"
                                      : "choose: " + setting_hint_list("na", {column + ":" + unfit->first->text}) +
                                            " | " + kind_hint(column, "categorical") + " | fix the file"});
  }
  if (const auto unfit = gather(readers, &ColumnReader::infinite)) {
    throw Error("D15", place_of(table, readers, *unfit) + ": " + quote(unfit->first->text) + " is not a finite number",
                {unfit->summary("such cell")});
  }
  const auto unfit = missing_error ? gather(readers, &ColumnReader::missing) : std::nullopt;
  if (unfit) {
    throw Error("D14", place_of(table, readers, *unfit) + ": the cell is missing",
                {unfit->summary("missing cell"), "choose: `missing = auto` | `missing = median` | fix the file"});
  }
}

// Whether the last row holds totals because the only word in a column of numbers is its "Total". Then that cell becomes
// missing instead of an error.
bool forgive_totals(const Table& table, std::vector<ColumnReader>& readers) {
  for (ColumnReader& reader : readers) {
    const Tally& words = reader.not_numbers;
    if (words.count != 1 || words.first_row + 1 != table.rows || !names_totals(words.text)) continue;
    reader.forgive_words();
    return table.rows > 1;
  }
  return false;
}

// Table::read_as of a CSV.
std::map<std::string, std::string> reading_of(const Dialect& dialect, const Rows& rows) {
  const bool tab = dialect.delimiter == '\t';
  return {{"delimiter", tab ? "tab" : std::string(1, dialect.delimiter)},
          {"header", dialect.header ? "yes" : "no"},
          {"skip_rows", std::to_string(dialect.skipped_lines)},
          {"quote", ""},
          {"encoding", rows.encoding()}};
}

Table read_blocks(Blocks& blocks, const ReadOptions& options) {
  const std::string& name = blocks.name();
  Rows rows(blocks, options);
  const Dialect dialect = rows.find_dialect();
  std::vector<ColumnReader> readers = readers_for(dialect, options);
  Table table;
  table.source = name;
  table.columns.resize(dialect.names.size());
  for (std::size_t i = 0; i < dialect.names.size(); ++i) table.columns[i].name = dialect.names[i];
  const ColumnIndex index(table);
  const std::set<std::string_view> expected(options.expected.begin(), options.expected.end());
  for (const auto& [column, kind] : options.kinds) {
    if (index.find(column) < 0 && !expected.contains(column)) table.require(column);  // throws
  }
  Verbatim verbatim(dialect.names, options.verbatim);
  table.lines = read_columns(rows, blocks, dialect, options, readers, verbatim);
  table.verbatim = verbatim.take();
  table.notes = rows.take_notes();
  table.read_as = reading_of(dialect, rows);
  table.rows = static_cast<std::int64_t>(table.lines.size());
  if (table.rows == 0) throw Error("D17", name + " has no rows, only a header");
  table.missing_words = options.missing_words;
  const bool totals = options.skip_rows < 0 && forgive_totals(table, readers);
  refuse_unfit_cells(table, readers, options.missing_error);
  for (std::size_t i = 0; i < readers.size(); ++i) {
    Column& column = table.columns[i] = readers[i].take();
    if (column.type != Column::Type::text) continue;
    // Words that count as missing only because of the column's other cells are recorded, so that they also count as
    // missing when a few rows of the column are read alone.
    for (const auto& [word, cells] : column.missing) {
      if (!readers[i].is_missing(word)) table.missing_words.words.insert(column.name + ":" + word);
    }
  }
  if (totals || (options.skip_rows < 0 && ends_with_totals(table))) drop_last_row(table);
  for (Finding& note : reading_notes(table, readers, options)) table.notes.push_back(std::move(note));
  return table;
}

Table read(const std::string& path, const ReadOptions& options) {
  Blocks blocks(path);
  return read_blocks(blocks, options_for(path, options));
}

Recognition recognises(const std::string& path, std::string_view head) {
  if (head.empty()) return Recognition::no;
  return has_extension(path, ".csv") || has_extension(path, ".tsv") ? Recognition::by_name : Recognition::by_default;
}

}  // namespace

ReadOptions options_for(const std::string& path, ReadOptions options) {
  if (options.delimiter == 0 && has_extension(path, ".tsv")) options.delimiter = '\t';
  return options;
}

}  // namespace csv

extern const DataFormat csv_format;
const DataFormat csv_format{"csv",
                            ".csv .tsv, compressed or not: numbers and words, separated by comma, semicolon, tab or |",
                            csv::recognises, csv::read};

Table read_csv(std::string_view text, const std::string& name, const ReadOptions& options) {
  csv::Blocks blocks(text, name);
  return csv::read_blocks(blocks, options);
}

}  // namespace pellucid
