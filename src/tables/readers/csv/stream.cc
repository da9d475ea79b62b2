// CsvStream: reads rows as they arrive from a pipe, with known types of the columns.
// Not here: whole files (csv.cc).
#include <fmt/format.h>

#include <limits>
#include <optional>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/table.h"
#include "tables/readers/csv/blocks.h"
#include "tables/readers/csv/column_reader.h"
#include "tables/readers/csv/rows.h"
#include "tables/readers/csv/verbatim.h"
#include "tables/words.h"

namespace pellucid {

using csv::Cell;
using csv::Dictionary;

struct CsvStream::State {
  csv::Blocks blocks;
  ReadOptions options;
  csv::Rows rows;
  csv::Dialect dialect;
  std::vector<Column::Type> types;
  std::vector<csv::Wish> wishes;
  std::vector<Cell> cells;
  std::string scratch;

  State(csv::Blocks from, ReadOptions chosen, const std::map<std::string, Column::Type>& expected);
  void add_cell(std::size_t i, Column& column, Dictionary& dictionary, std::uint32_t row_line);
};

namespace {

// Adds the expected columns and their types to the options, which helps to recognise the header and a row of units.
ReadOptions with_expected(ReadOptions options, const std::map<std::string, Column::Type>& columns) {
  for (const auto& [column, type] : columns) {
    options.expected.push_back(column);
    options.kinds[column] = type == Column::Type::number ? AskedKind::number : AskedKind::text;
  }
  return options;
}

}  // namespace

CsvStream::State::State(csv::Blocks from, ReadOptions chosen, const std::map<std::string, Column::Type>& expected)
    : blocks(std::move(from)),
      options(with_expected(std::move(chosen), expected)),
      rows(blocks, options),
      dialect(rows.find_dialect()) {
  rows.begin(dialect);
  for (const std::string& column : dialect.names) {
    const auto type = expected.find(column);
    types.push_back(type == expected.end() ? Column::Type::text : type->second);
    wishes.push_back(csv::wish_of(column, options));
  }
}

void CsvStream::State::add_cell(std::size_t i, Column& column, Dictionary& dictionary, std::uint32_t row_line) {
  const std::string_view cell = cells[i].text(scratch);
  const auto place = [&] {
    return fmt::format("{}:{}, column {} {}", blocks.name(), row_line, i + 1, quote(column.name));
  };
  double value = std::numeric_limits<double>::quiet_NaN();
  const bool text = types[i] == Column::Type::text;
  const csv::Wish& wish = wishes[i];
  const Spelling spelling = text ? Spelling::none : csv::read_asked(wish, cell, value);
  const bool values = !text || wish.are_dates;
  const bool missing = spelling != Spelling::none ? wish.missing.is_missing_number(value)
                       : values                   ? wish.missing.beside_values(cell)
                                                  : wish.missing.anywhere(cell);
  if (missing && options.missing_error) throw Error("D14", place() + ": the cell is missing");
  if (text) {
    if (find_bad_utf8(cell) != std::string_view::npos) throw Error("D16", place() + ": the cell is not UTF-8");
    column.codes.push_back(missing ? -1 : dictionary.code(cell));
    return;
  }
  if (spelling == Spelling::none && !missing) {
    throw Error("D12",
                place() + ": " + quote(cell) + " is not a number" + (wish.form ? " like " + wish.form->text() : ""));
  }
  if (spelling == Spelling::infinite && !missing)
    throw Error("D15", place() + ": " + quote(cell) + " is not a finite number");
  column.integers = column.integers && spelling != Spelling::decimal;
  column.numbers.push_back(missing ? std::numeric_limits<double>::quiet_NaN() : value);
}

CsvStream::CsvStream(std::istream& in, std::string name, std::map<std::string, Column::Type> types, ReadOptions options)
    : state_(new State(csv::Blocks(in, std::move(name)), std::move(options), types)) {}

CsvStream::CsvStream(const std::string& path, std::map<std::string, Column::Type> types, ReadOptions options)
    : state_(new State(csv::Blocks(path, true), csv::options_for(path, std::move(options)), types)) {}

CsvStream::~CsvStream() = default;

Table CsvStream::next(std::int64_t rows) {
  State& s = *state_;
  Table table;
  table.source = s.blocks.name();
  std::vector<Dictionary> dictionaries(s.types.size());
  for (std::size_t i = 0; i < s.types.size(); ++i) {
    Column& column = table.columns.emplace_back();
    column.name = s.dialect.names[i];
    column.type = s.types[i];
    if (s.wishes[i].form) column.form = s.wishes[i].form->text();
    column.integers = true;
  }
  csv::Verbatim verbatim(s.dialect.names, s.options.verbatim);
  while (table.rows < rows && s.rows.next(s.cells)) {
    const std::uint32_t row_line = s.rows.line();
    for (std::size_t i = 0; i < s.cells.size(); ++i) s.add_cell(i, table.columns[i], dictionaries[i], row_line);
    verbatim.add(s.cells);
    table.lines.push_back(row_line);
    ++table.rows;
  }
  table.verbatim = verbatim.take();
  table.notes = s.rows.take_notes();
  for (std::size_t i = 0; i < s.types.size(); ++i) table.columns[i].words = std::move(dictionaries[i].words());
  return table;
}

}  // namespace pellucid
