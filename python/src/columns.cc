// Builds tables: columns of numbers directly, columns of words by the CSV reader, which interprets them.
// Not here: where the cells come from (tables.cc, arrow.cc).
#include "columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"
#include "tables/missing.h"
#include "tables/readers/format.h"

namespace pellucid::python {

namespace {

constexpr std::int64_t exact_below = std::int64_t{1} << 53;

// Whether a column of numbers must be read like the words of a file: it is asked to be categories, dates …
bool is_asked_as_words(const ReadOptions& options, const std::string& column) {
  const auto asked = options.kinds.find(column);
  if (asked == options.kinds.end()) return false;
  return asked->second != AskedKind::number && asked->second != AskedKind::decimal_comma &&
         asked->second != AskedKind::drop;
}

std::string number_word(double number, bool integers) {
  std::string word = integers ? fmt::format("{:.0f}", number) : fmt::format("{}", number);
  if (!integers && word.find_first_of(".e") == std::string::npos) word += ".0";
  return word;
}

void append_quoted(std::string& csv, std::string_view word) {
  csv += '"';
  for (const char c : word) csv += c == '"' ? std::string_view("\"\"") : std::string_view(&c, 1);
  csv += '"';
}

void append_cell(std::string& csv, std::string_view word) {
  if (word.find_first_of(",\"\n\r") == std::string_view::npos) {
    csv += word;
    return;
  }
  append_quoted(csv, word);
}

}  // namespace

template <class Number>
void WholeNumbers::add_number(Number number, bool large) {
  if (large && !as_words_) {
    for (const double x : numbers_) std::isnan(x) ? words_.add_missing() : words_.add(number_word(x, true));
    as_words_ = true;
  }
  if (as_words_) {
    words_.add(std::to_string(number));
  } else {
    numbers_.push_back(static_cast<double>(number));
  }
}

void WholeNumbers::add(std::int64_t number) {
  add_number(number, number <= -exact_below || number >= exact_below);
}

void WholeNumbers::add(std::uint64_t number) {
  add_number(number, number >= static_cast<std::uint64_t>(exact_below));
}

void WholeNumbers::add_missing() {
  if (as_words_) {
    words_.add_missing();
  } else {
    numbers_.push_back(std::nan(""));
  }
}

void WholeNumbers::give_to(Columns& columns, std::string name) {
  if (as_words_) {
    columns.add_words(std::move(name), std::move(words_));
  } else {
    columns.add_numbers(std::move(name), std::move(numbers_), true);
  }
}

void Columns::count_row(const std::string& name, std::int64_t rows) {
  if (started_ && rows != table_.rows) {
    throw Error("U20",
                fmt::format("{} has {}, the columns before it have {}", quote(name), plural(rows, "row"), table_.rows));
  }
  table_.rows = rows;
  started_ = true;
}

void Columns::add(Column column) {
  count_row(column.name, column.type == Column::Type::bytes
                             ? std::ssize(column.bytes) / std::max<std::int64_t>(column.cell(), 1)
                             : std::ssize(column.numbers) / std::max<std::int64_t>(column.cell(), 1));
  table_.columns.push_back(std::move(column));
}

void Columns::add_numbers(std::string name, LargeVector<double> numbers, bool integers) {
  Column column{.name = std::move(name), .numbers = std::move(numbers)};
  column.integers = integers;
  add(std::move(column));
}

void Columns::add_words(std::string name, Words words) {
  count_row(name, words.rows());
  waiting_.push_back({table_.columns.size(), std::move(words)});
  table_.columns.push_back({.name = std::move(name), .type = Column::Type::text});
}

void Columns::numbers_to_words(const ReadOptions& options) {
  for (std::size_t c = 0; c < table_.columns.size(); ++c) {
    Column& column = table_.columns[c];
    if (column.type != Column::Type::number || column.cell() != 1 || column.shape.rank() > 0) continue;
    if (!is_asked_as_words(options, column.name)) {
      const auto missing =
          std::count_if(column.numbers.begin(), column.numbers.end(), [](double x) { return std::isnan(x); });
      if (missing > 0) column.missing[""] = missing;
      column.integers = column.integers && missing < std::ssize(column.numbers);
      continue;
    }
    Words words;
    for (const double number : column.numbers) {
      if (std::isnan(number)) {
        words.add_missing();
      } else {
        words.add(number_word(number, column.integers));
      }
    }
    column = Column{.name = column.name, .type = Column::Type::text};
    waiting_.push_back({c, std::move(words)});
  }
}

std::string Columns::csv() const {
  std::string csv;
  for (std::size_t w = 0; w < waiting_.size(); ++w) {
    if (w > 0) csv += ',';
    append_quoted(csv, table_.columns[waiting_[w].column].name);  // a blank name would make a blank line
  }
  csv += '\n';
  for (std::int64_t row = 0; row < table_.rows; ++row) {
    for (std::size_t w = 0; w < waiting_.size(); ++w) {
      if (w > 0) csv += ',';
      if (const auto word = waiting_[w].words[row]) append_cell(csv, *word);
    }
    csv += '\n';
  }
  return csv;
}

bool Columns::is_waiting(const std::string& column) const {
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [&](const Waiting& waiting) { return table_.columns[waiting.column].name == column; });
}

// A CSV file is refused likewise: a kind for a column that does not exist.
void Columns::require_kinds(const ReadOptions& options) const {
  for (const auto& [column, kind] : options.kinds) {
    const auto& expected = options.expected;
    if (std::find(expected.begin(), expected.end(), column) == expected.end()) (void)table_.require(column);
  }
}

Table Columns::finish(ReadOptions options) {
  if (table_.rows == 0) throw Error("D17", table_.source + " has no rows");
  require_kinds(options);
  numbers_to_words(options);
  table_.missing_words = options.missing_words;
  for (Column& column : table_.columns) mark_missing_numbers(column, options.missing_words);
  if (!waiting_.empty()) {
    options.delimiter = ',';
    options.header = 1;
    options.skip_rows = 0;
    options.quote = '"';
    options.encoding = "utf-8";
    std::erase_if(options.kinds, [&](const auto& asked) { return !is_waiting(asked.first); });
    Table words = read_csv(csv(), table_.source, options);
    for (std::size_t w = 0; w < waiting_.size(); ++w) {
      Column& column = table_.columns[waiting_[w].column];
      words.columns[w].name = column.name;
      column = std::move(words.columns[w]);
    }
    table_.notes = std::move(words.notes);
    table_.missing_words = std::move(words.missing_words);
  }
  table_.read_as = {{"na", ""}, {"no_na", ""}};
  refuse_unfit_numbers(table_, options);
  return std::move(table_);
}

}  // namespace pellucid::python
