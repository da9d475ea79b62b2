// CsvStream: rows as they come down a pipe, with the types they must have.
// Not here: whole files (csv.cc).
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <istream>
#include <limits>
#include <optional>

#include "core/text.h"
#include "data/number_form.h"
#include "data/words.h"
#include "formats/csv/column_reader.h"
#include "formats/csv/dialect.h"
#include "formats/csv/scanner.h"
#include "formats/csv/verbatim.h"
#include "pellucid/error.h"
#include "pellucid/table.h"

namespace pellucid {

using csv::Cell;
using csv::Dictionary;
using csv::Found;
using csv::Scanner;

struct CsvStream::State {
  std::istream& in;
  std::string name;
  ReadOptions options;
  csv::Dialect dialect;
  std::vector<Column::Type> types;
  std::vector<std::optional<NumberForm>> forms;
  std::string piece;  // whole rows: a line, or more where quotes hold line ends
  std::optional<Scanner> scanner;
  std::vector<Cell> cells;
  std::string scratch;
  std::uint32_t line = 1;  // of the piece's first byte

  void begin(const std::map<std::string, Column::Type>& expected);
  bool open_quote();
  bool next_piece();
  bool next_row();
  void add_cell(std::size_t i, Column& column, Dictionary& dictionary, std::uint32_t row_line);
};

bool CsvStream::State::open_quote() {
  if (piece.find('"') == std::string::npos) return false;
  Scanner probe(piece.data(), piece.data() + piece.size(), dialect.delimiter);
  Found found = Found::row;
  while (found == Found::row) found = probe.next(cells);
  return found == Found::open_quote;
}

// A line at a time, so that rows are answered as soon as they are there; open quotes mean the row goes on.
bool CsvStream::State::next_piece() {
  if (scanner) line = scanner->line();
  piece.clear();
  std::string more;
  while ((piece.empty() || open_quote()) && std::getline(in, more)) {
    csv::refuse_binary(more, name);
    if (line == 1 && piece.empty() && more.starts_with("\xEF\xBB\xBF")) more.erase(0, 3);
    piece += more + '\n';
  }
  if (in.bad()) throw Error("D10", "cannot read " + name + ": " + std::strerror(errno));
  if (piece.empty()) return false;
  scanner.emplace(piece.data(), piece.data() + piece.size(), dialect.delimiter, line);
  return true;
}

bool CsvStream::State::next_row() {
  for (;;) {
    if (!scanner && !next_piece()) return false;
    const Found found = scanner->next(cells);
    if (found == Found::row) return true;
    if (found != Found::end) csv::refuse_quotes(found, *scanner, name);
    if (!next_piece()) return false;
  }
}

void CsvStream::State::begin(const std::map<std::string, Column::Type>& expected) {
  do {
    if (!next_piece()) throw Error("D10", name + " is empty");
  } while (is_missing(piece));
  std::vector<std::string> names;
  for (const auto& [column, type] : expected) names.push_back(column);
  dialect = csv::find_dialect_of_line(piece, name, names, options);
  scanner.emplace(piece.data(), piece.data() + piece.size(), dialect.delimiter, line);
  if (dialect.header) scanner->next(cells);
  for (const std::string& column : dialect.names) {
    const auto type = expected.find(column);
    types.push_back(type == expected.end() ? Column::Type::text : type->second);
    const auto form = options.forms.find(column);
    forms.push_back(form == options.forms.end() ? std::nullopt : form_of(form->second));
  }
}

void CsvStream::State::add_cell(std::size_t i, Column& column, Dictionary& dictionary, std::uint32_t row_line) {
  const std::string_view cell = cells[i].text(scratch);
  const auto place = [&] { return fmt::format("{}:{}, column {} {}", name, row_line, i + 1, quote(column.name)); };
  double value = std::numeric_limits<double>::quiet_NaN();
  const bool text = types[i] == Column::Type::text;
  const Spelling spelling = text ? Spelling::none : forms[i] ? forms[i]->read(cell, value) : read_number(cell, value);
  const bool missing = spelling == Spelling::none && is_missing(cell);
  if (missing && options.missing_error) throw Error("D14", place() + ": the cell is missing");
  if (text) {
    if (find_bad_utf8(cell) != std::string_view::npos) throw Error("D16", place() + ": the cell is no UTF-8 text");
    column.codes.push_back(missing ? -1 : dictionary.code(cell));
    return;
  }
  if (spelling == Spelling::none && !missing) {
    throw Error("D12",
                place() + ": " + quote(cell) + " is not a number" + (forms[i] ? " like " + forms[i]->text() : ""));
  }
  if (spelling == Spelling::infinite) throw Error("D15", place() + ": " + quote(cell) + " is no finite number");
  column.integers = column.integers && spelling != Spelling::decimal;
  column.numbers.push_back(missing ? std::numeric_limits<double>::quiet_NaN() : value);
}

CsvStream::CsvStream(std::istream& in, std::string name, std::map<std::string, Column::Type> types, ReadOptions options)
    : state_(new State{in, std::move(name), std::move(options), {}, {}, {}, {}, {}, {}, {}}) {
  state_->begin(types);
}

CsvStream::~CsvStream() = default;

Table CsvStream::next(std::int64_t rows) {
  State& s = *state_;
  Table table;
  table.source = s.name;
  std::vector<Dictionary> dictionaries(s.types.size());
  for (std::size_t i = 0; i < s.types.size(); ++i) {
    Column& column = table.columns.emplace_back();
    column.name = s.dialect.names[i];
    column.type = s.types[i];
    if (s.forms[i]) column.form = s.forms[i]->text();
    column.integers = true;
  }
  csv::Verbatim verbatim(s.dialect.names, s.options.verbatim);
  while (table.rows < rows && s.next_row()) {
    const std::uint32_t row_line = s.scanner->row_line();
    csv::require_width(s.cells.size(), s.dialect, row_line, s.name);
    for (std::size_t i = 0; i < s.cells.size(); ++i) s.add_cell(i, table.columns[i], dictionaries[i], row_line);
    verbatim.add(s.cells);
    table.lines.push_back(row_line);
    ++table.rows;
  }
  table.verbatim = verbatim.take();
  for (std::size_t i = 0; i < s.types.size(); ++i) table.columns[i].words = std::move(dictionaries[i].words());
  return table;
}

}  // namespace pellucid
