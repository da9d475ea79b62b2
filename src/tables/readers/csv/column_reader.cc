// ColumnReader: numbers are stored directly, words as codes of a dictionary.
// Not here: rows and quotes (scanner.cc), errors for cells that do not fit (csv.cc).
#include "tables/readers/csv/column_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/key_set.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "tables/row_blocks.h"
#include "tables/words.h"

namespace pellucid::csv {

namespace {

constexpr double exact_below = 9007199254740992.0;  // 2^53: smaller whole numbers are exact in a double
constexpr std::int64_t few_codes = 50;

}  // namespace

ColumnReader::ColumnReader(std::string name, std::size_t index, const Wish& wish, bool text_seen)
    : index_(index),
      wish_(wish),
      numeric_(wish.form ||
               (wish.type != Wish::text && wish.type != Wish::nothing && wish.decimal != Decimal::comma && !text_seen)),
      plain_(numeric_ && !wish.form && !wish.missing.has_missing_numbers()) {
  column_.name = std::move(name);
}

void ColumnReader::reserve(std::size_t rows) {
  if (numeric_) {
    column_.numbers.reserve(rows);
  } else {
    column_.codes.reserve(rows);
  }
}

Spelling ColumnReader::read(std::string_view cell, double& value) const {
  return wish_.form || wish_.type == Wish::number ? read_asked(wish_, cell, value) : read_number(cell, value);
}

bool ColumnReader::is_missing(std::string_view cell) const {
  double value;
  return wish_.missing.anywhere(cell) ||
         (read(cell, value) != Spelling::none && wish_.missing.is_missing_number(value));
}

void ColumnReader::add_other(std::string_view cell, std::int64_t row) {
  if (numeric_) {
    add_number(cell, row);
  } else {
    add_word(cell, row);
  }
}

void ColumnReader::add_number(std::string_view cell, std::int64_t row) {
  double value;
  const Spelling spelling = read(cell, value);
  if (spelling != Spelling::none && wish_.missing.is_missing_number(value)) {
    missing.add(row, cell);
    column_.numbers.push_back(std::numeric_limits<double>::quiet_NaN());
    return;
  }
  if (spelling == Spelling::integer) {
    large_ = large_ || std::abs(value) >= exact_below;
    column_.numbers.push_back(value);
    return;
  }
  if (spelling == Spelling::none) {
    if (wish_.missing.beside_values(cell)) {
      missing.add(row, cell);
    } else {
      not_numbers.add(row, cell);
    }
    value = std::numeric_limits<double>::quiet_NaN();
  } else {
    integers_ = false;
    if (spelling == Spelling::infinite) infinite.add(row, cell);
  }
  column_.numbers.push_back(value);
}

std::int32_t ColumnReader::learn(std::string_view word, std::int64_t row) {
  const bool are_values = wish_.are_dates || wish_.type == Wish::number;
  if (are_values ? wish_.missing.beside_values(word) : wish_.missing.anywhere(word)) {
    dictionary_.insert_missing(word);
    return Dictionary::missing;
  }
  if (find_bad_utf8(word) != std::string_view::npos) not_utf8.add(row, word);
  try {
    return dictionary_.insert(word);
  } catch (const Error& error) {
    throw Error("M02",
                fmt::format("the different words of column {} do not fit into memory: {} so far; {}", quote(name()),
                            count_text(static_cast<std::int64_t>(dictionary_.words().size())), error.what()),
                {setting_hint_list("drop", {name()}) + " leaves the column out; a larger `memory` allows more words"});
  }
}

void ColumnReader::add_word(std::string_view cell, std::int64_t row) {
  if (wish_.type == Wish::nothing) return column_.codes.push_back(Dictionary::missing);
  std::int32_t code = dictionary_.find(cell);
  if (code == Dictionary::unknown) code = learn(cell, row);
  if (code == Dictionary::missing) missing.add(row, cell);
  column_.codes.push_back(code);
}

// Looks for the number form that fits all words, if they are not all plain numbers. Ambiguous words are counted.
void ColumnReader::find_marks() {
  double ignored;
  const auto plain = [&](const std::string& word) { return read_number(word, ignored) != Spelling::none; };
  const std::vector<std::string>& words = dictionary_.words();
  if (wish_.decimal != Decimal::comma && std::all_of(words.begin(), words.end(), plain)) return;
  found_ = find_form(words, wish_.decimal);
  wish_.form = found_.form;
  if (!found_.ambiguous.empty()) {
    const auto code = std::find(words.begin(), words.end(), found_.ambiguous) - words.begin();
    const auto first = std::find(column_.codes.begin(), column_.codes.end(), static_cast<std::int32_t>(code));
    ambiguous.add(first - column_.codes.begin(), found_.ambiguous);
  }
}

// Numbers that the user's words name, in a column whose cells are kept as words until it is known how they are written.
void ColumnReader::mark_missing_numbers() {
  std::vector<bool> named;
  for (const std::string& word : dictionary_.words()) {
    double value;
    named.push_back(read(word, value) != Spelling::none && wish_.missing.is_missing_number(value));
  }
  forget(named);
}

void ColumnReader::tally_words() {
  std::vector<Spelling> spellings;
  double ignored;
  for (const std::string& word : dictionary_.words()) spellings.push_back(read(word, ignored));
  for (std::size_t row = 0; row < column_.codes.size(); ++row) {
    const std::int32_t code = column_.codes[row];
    if (code < 0) continue;
    const auto at = static_cast<std::int64_t>(row);
    if (spellings[code] == Spelling::none) not_numbers.add(at, dictionary_.words()[code]);
    if (spellings[code] == Spelling::infinite) infinite.add(at, dictionary_.words()[code]);
  }
  for (const std::string& word : dictionary_.words()) {
    double value;
    const Spelling spelling = read(word, value);
    integers_ = integers_ && (spelling == Spelling::integer || spelling == Spelling::none);
    large_ = large_ || (spelling == Spelling::integer && std::abs(value) >= exact_below);
  }
}

// Whether the column holds codes rather than quantities: whole numbers too large for a double, and many of them
// repeated. Such a column becomes text, so that no digits are lost.
bool ColumnReader::are_long_codes(std::int64_t present) const {
  if (wish_.type != Wish::any || wish_.form || !integers_ || !large_) return false;
  KeySet distinct;
  for (const double value : column_.numbers) {
    if (!std::isnan(value)) distinct.insert(number_key(value));
  }
  const auto words = numeric_ ? distinct.size() : static_cast<std::int64_t>(dictionary_.words().size());
  return words <= few_codes || words * 2 <= present;
}

void ColumnReader::words_to_numbers() {
  std::vector<double> values;
  for (const std::string& word : dictionary_.words()) {
    double value;
    const Spelling spelling = read(word, value);
    values.push_back(spelling == Spelling::none ? std::numeric_limits<double>::quiet_NaN() : value);
  }
  for (const std::int32_t code : column_.codes) {
    column_.numbers.push_back(code < 0 ? std::numeric_limits<double>::quiet_NaN() : values[code]);
  }
  column_.codes.clear();
}

void ColumnReader::settle() {
  expect_reading_in_order(column_);
  const auto rows = static_cast<std::int64_t>(numeric_ ? column_.numbers.size() : column_.codes.size());
  if (wish_.type == Wish::text || wish_.type == Wish::nothing) {
    type_ = Column::Type::text;
    if (wish_.dates) settle_missing_words();
    return;
  }
  if (!numeric_) {
    if (wish_.type == Wish::any) settle_missing_words();
    find_marks();
    if (wish_.missing.has_missing_numbers()) mark_missing_numbers();
    tally_words();
  } else if (!wish_.form && not_numbers.count > 0) {
    may_have_form_ = may_have_form(not_numbers.text);
  }
  const std::int64_t present = rows - missing.count;
  const bool many = not_numbers.count * 10 > present || (numeric_ && too_many_words_beside_few_numbers());
  if (wish_.type == Wish::any && !wish_.form && many) type_ = Column::Type::text;
  if (not_numbers.count == 0 && are_long_codes(present)) type_ = Column::Type::text;
  if (type_ == Column::Type::text) {
    not_numbers = infinite = {};
  } else if (!numeric_ && not_numbers.count == 0) {
    words_to_numbers();
  }
}

void ColumnReader::forgive_words() {
  not_numbers = {};
  if (!numeric_) words_to_numbers();
}

void ColumnReader::begin_again() {
  const std::string name = column_.name;
  const Wish wish = wish_;
  *this = ColumnReader(name, index_, wish, true);
}

Column ColumnReader::take() {
  column_.type = type_;
  column_.missing = {missing.spellings.begin(), missing.spellings.end()};
  if (type_ == Column::Type::text) {
    column_.words = std::move(dictionary_.words());
  } else {
    if (wish_.form) column_.form = wish_.form->text();
    column_.integers = integers_ && missing.count < static_cast<std::int64_t>(column_.numbers.size());
  }
  return std::move(column_);
}

}  // namespace pellucid::csv
