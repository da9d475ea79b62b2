// ColumnReader: words that count as missing because the other cells of their column are numbers or dates.
// Not here: spellings that always count as missing (tables/missing.cc), the rest of ColumnReader (column_reader.cc).
#include <algorithm>
#include <set>

#include "tables/dates.h"
#include "tables/readers/csv/column_reader.h"
#include "tables/readers/csv/totals.h"
#include "tables/words.h"

namespace pellucid::csv {

namespace {

// Up to this many distinct numbers may be categories; then "none" may be one more category.
constexpr std::size_t few_numbers = 20;
constexpr std::int64_t one_in = 10;  // of this many cells, one may differ in type from the others

std::vector<std::string> words_without(const std::vector<std::string>& words, const std::vector<bool>& left_out) {
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!left_out[i]) rest.push_back(words[i]);
  }
  return rest;
}

// Whether the words that are not left out are numbers (at least nine of ten cells), and the words left out mean missing
// rather than one more category.
bool are_numbers(const std::vector<std::string>& words, const std::vector<std::int64_t>& cells,
                 const std::vector<bool>& left_out) {
  std::int64_t numbers = 0, others = 0, without = 0;
  std::size_t distinct = 0;
  double ignored;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool number = !left_out[i] && (read_number(words[i], ignored) != Spelling::none || may_have_form(words[i]));
    distinct += number ? 1 : 0;
    (left_out[i] ? without : number ? numbers : others) += cells[i];
  }
  if (numbers == 0 || others * one_in > numbers + others) return false;
  return distinct > few_numbers || without * one_in <= numbers + others + without;
}

}  // namespace

// For a column read as numbers: whether words such as "none" in it are so frequent, beside few distinct numbers, that
// they must be a category and the column must be text.
bool ColumnReader::too_many_words_beside_few_numbers() const {
  std::int64_t words = 0;
  for (const auto& [spelling, cells] : missing.spellings) words += wish_.missing.anywhere(spelling) ? 0 : cells;
  const auto rows = static_cast<std::int64_t>(column_.numbers.size());
  const std::int64_t numbers = rows - missing.count - not_numbers.count;
  if (words == 0 || (numbers > 0 && words * one_in <= rows - missing.count + words)) return false;
  std::set<double> distinct;
  for (const double value : column_.numbers) {
    if (value == value && distinct.insert(value).second && distinct.size() > few_numbers) return false;
  }
  return true;
}

// Makes words such as "none" missing in a column of numbers or dates. In a column of dates, words that are not a date
// of any form also become missing, if they are at most one in ten cells.
void ColumnReader::settle_missing_words() {
  const std::vector<std::string>& words = dictionary_.words();
  std::vector<std::int64_t> cells(words.size());
  for (const std::int32_t code : column_.codes) {
    if (code >= 0) ++cells[static_cast<std::size_t>(code)];
  }
  std::vector<bool> without(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) without[i] = wish_.missing.beside_values(words[i]);
  const bool some = std::find(without.begin(), without.end(), true) != without.end();
  if (some && !wish_.dates && are_numbers(words, cells, without)) return forget(without);

  const DatesFound found = find_dates(some ? words_without(words, without) : words, wish_.dates);
  if (found.forms.empty() && !found.near) return;
  std::int64_t odd = 0, all = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    all += cells[i];
    if (without[i] || !found.near || read_date(words[i], *found.near)) continue;
    if (names_totals(words[i])) continue;  // the last row may hold totals
    if (is_any_date(words[i])) return odd_dates_.clear();
    odd += cells[i];
    without[i] = true;
    odd_dates_.emplace_back(without_blanks(words[i]));
  }
  if (odd * one_in > all) return odd_dates_.clear();
  forget(without);
}

// Makes the marked words missing and removes them from the dictionary.
void ColumnReader::forget(const std::vector<bool>& words) {
  if (std::find(words.begin(), words.end(), true) == words.end()) return;
  std::vector<std::string> kept;
  std::vector<std::int32_t> renamed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    renamed.push_back(words[i] ? Dictionary::missing : static_cast<std::int32_t>(kept.size()));
    if (!words[i]) kept.push_back(dictionary_.words()[i]);
  }
  const std::int64_t first = missing.count > 0 ? missing.first_row : static_cast<std::int64_t>(column_.codes.size());
  for (std::size_t row = 0; row < column_.codes.size(); ++row) {
    std::int32_t& code = column_.codes[row];
    if (code < 0) continue;
    const auto at = static_cast<std::int64_t>(row);
    if (words[static_cast<std::size_t>(code)]) {
      missing.add(at, dictionary_.words()[static_cast<std::size_t>(code)]);
      missing.first_row = std::min({missing.first_row, first, at});
    }
    code = renamed[static_cast<std::size_t>(code)];
  }
  dictionary_.words() = std::move(kept);
}

}  // namespace pellucid::csv
