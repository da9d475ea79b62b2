// ColumnReader: numbers are kept as numbers at once; words go through a dictionary.
// Not here: rows and quotes (scanner.cc), the errors over unfit cells (csv.cc).
#include "formats/csv/column_reader.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "data/words.h"

namespace pellucid::csv {

std::int32_t Dictionary::code(std::string_view word) {
  const std::size_t hash = std::hash<std::string_view>{}(word);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at] >= 0; at = (at + 1) & (slots_.size() - 1)) {
    if (hashes_[slots_[at]] == hash && words_[slots_[at]] == word) return slots_[at];
  }
  const auto fresh = static_cast<std::int32_t>(words_.size());
  slots_[at] = fresh;
  words_.emplace_back(word);
  hashes_.push_back(hash);
  if (words_.size() * 2 > slots_.size()) grow();
  return fresh;
}

void Dictionary::grow() {
  slots_.assign(slots_.size() * 4, -1);
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    std::size_t at = hashes_[i] & (slots_.size() - 1);
    while (slots_[at] >= 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = static_cast<std::int32_t>(i);
  }
}

ColumnReader::ColumnReader(std::string name, const Wish& wish, bool text_seen)
    : wish_(wish), numeric_(wish.form || (wish.type != Wish::text && wish.decimal != Decimal::comma && !text_seen)) {
  column_.name = std::move(name);
}

Spelling ColumnReader::read(std::string_view cell, double& value) const {
  return wish_.form ? wish_.form->read(cell, value) : read_number(cell, value);
}

void ColumnReader::add(std::string_view cell, std::int64_t row) {
  if (numeric_) {
    add_number(cell, row);
  } else {
    add_word(cell, row);
  }
}

void ColumnReader::add_number(std::string_view cell, std::int64_t row) {
  double value;
  const Spelling spelling = read(cell, value);
  if (spelling == Spelling::integer) {
    column_.numbers.push_back(value);
    return;
  }
  if (spelling == Spelling::none) {
    (is_missing(cell) ? missing : not_numbers).add(row, cell);
    value = std::numeric_limits<double>::quiet_NaN();
  } else {
    integers_ = false;
    if (spelling == Spelling::infinite) infinite.add(row, cell);
  }
  column_.numbers.push_back(value);
}

void ColumnReader::add_word(std::string_view cell, std::int64_t row) {
  if (is_missing(cell)) {
    missing.add(row, cell);
    column_.codes.push_back(-1);
    return;
  }
  const std::size_t known = dictionary_.words().size();
  column_.codes.push_back(dictionary_.code(cell));
  if (dictionary_.words().size() > known && find_bad_utf8(cell) != std::string_view::npos) not_utf8.add(row, cell);
}

// Words that are no plain numbers may be numbers with marks, if all agree how they are meant.
void ColumnReader::find_marks() {
  double ignored;
  const auto plain = [&](const std::string& word) { return read_number(word, ignored) != Spelling::none; };
  const std::vector<std::string>& words = dictionary_.words();
  if (wish_.decimal != Decimal::comma && std::all_of(words.begin(), words.end(), plain)) return;
  found_ = find_form(words, wish_.decimal);
  wish_.form = found_.form;
  if (!found_.ambiguous.empty()) {
    const std::int32_t code = dictionary_.code(found_.ambiguous);
    const auto first = std::find(column_.codes.begin(), column_.codes.end(), code);
    ambiguous.add(first - column_.codes.begin(), found_.ambiguous);
  }
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
}

void ColumnReader::words_to_numbers() {
  std::vector<double> values;
  for (const std::string& word : dictionary_.words()) {
    double value;
    if (read(word, value) != Spelling::integer) integers_ = false;
    values.push_back(value);
  }
  for (const std::int32_t code : column_.codes) {
    column_.numbers.push_back(code < 0 ? std::numeric_limits<double>::quiet_NaN() : values[code]);
  }
  column_.codes.clear();
}

void ColumnReader::settle() {
  const auto rows = static_cast<std::int64_t>(numeric_ ? column_.numbers.size() : column_.codes.size());
  if (wish_.type == Wish::text) {
    type_ = Column::Type::text;
    return;
  }
  if (!numeric_) {
    find_marks();
    tally_words();
  } else if (!wish_.form && not_numbers.count > 0) {
    may_have_form_ = may_have_form(not_numbers.text);
  }
  const std::int64_t present = rows - missing.count;
  if (wish_.type == Wish::any && !wish_.form && not_numbers.count * 10 > present) type_ = Column::Type::text;
  if (type_ == Column::Type::text) {
    not_numbers = infinite = {};
  } else if (!numeric_ && not_numbers.count == 0) {
    words_to_numbers();
  }
}

void ColumnReader::begin_again() {
  const std::string name = column_.name;
  const Wish wish = wish_;
  *this = ColumnReader(name, wish, true);
}

Column ColumnReader::take() {
  column_.type = type_;
  if (type_ == Column::Type::text) {
    column_.words = std::move(dictionary_.words());
  } else {
    if (wish_.form) column_.form = wish_.form->text();
    column_.integers = integers_ && missing.count < static_cast<std::int64_t>(column_.numbers.size());
  }
  return std::move(column_);
}

}  // namespace pellucid::csv
