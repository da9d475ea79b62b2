// ColumnReader: gathers the cells of one CSV column, as numbers or as words, and says which of them are unfit.
// Not here: rows and quotes (scanner.h), the errors that are thrown over unfit cells (csv.cc).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/table.h"
#include "tables/plain_number.h"
#include "tables/readers/csv/dictionary.h"
#include "tables/readers/csv/wish.h"

namespace pellucid::csv {

/// Cells of one sort: how many, and the first.
struct Tally {
  std::int64_t count = 0;
  std::int64_t first_row = -1;
  std::string text;

  void add(std::int64_t row, std::string_view cell) {
    if (count++ == 0) {
      first_row = row;
      text = cell;
    }
  }
};

/// Missing cells, by how they are spelled.
struct MissingTally : Tally {
  std::map<std::string, std::int64_t, std::less<>> spellings{};

  void add(std::int64_t row, std::string_view cell) {
    Tally::add(row, cell);
    cell = without_blanks(cell);
    const auto known = spellings.find(cell);
    if (known == spellings.end()) {
      spellings.emplace(cell, 1);
    } else {
      ++known->second;
    }
  }
};

class ColumnReader {
 public:
  /// `text_seen`: the sample holds words, so words are kept from the start.
  ColumnReader(std::string name, std::size_t index, const Wish& wish, bool text_seen);

  void reserve(std::size_t rows);
  void add(std::string_view cell, std::int64_t row) {
    double value;
    const Spelling spelling = plain_ ? read_plain_number(cell, value) : Spelling::none;
    if (spelling == Spelling::none) return add_other(cell, row);
    integers_ = integers_ && spelling == Spelling::integer;
    column_.numbers.push_back(value);
  }

  /// After the last row: decides what the column is.
  void settle();
  /// The words of a column of numbers become missing cells, after settle().
  void forgive_words();
  /// It began as plain numbers and is something else: the words must be read again.
  bool must_reread() const noexcept { return numeric_ && (type_ == Column::Type::text || may_have_form_); }
  bool is_missing(std::string_view cell) const noexcept { return wish_.missing.anywhere(cell); }
  void begin_again();

  Column take();
  const std::string& name() const noexcept { return column_.name; }
  std::size_t index() const noexcept { return index_; }  ///< of the column
  const std::optional<NumberForm>& form() const noexcept { return wish_.form; }
  const FormFound& found() const noexcept { return found_; }
  const std::vector<std::string>& odd_dates() const noexcept { return odd_dates_; }  ///< words that became missing
  MissingTally missing;
  Tally not_numbers, infinite, not_utf8, ambiguous;

 private:
  void add_other(std::string_view cell, std::int64_t row);
  void add_number(std::string_view cell, std::int64_t row);
  std::int32_t learn(std::string_view word, std::int64_t row);
  void add_word(std::string_view cell, std::int64_t row);
  Spelling read(std::string_view cell, double& value) const;
  bool too_many_words_beside_few_numbers() const;
  void settle_missing_words();
  std::vector<bool> missing_beside_values(const std::vector<std::int64_t>& cells);
  std::vector<bool> missing_beside_dates(std::vector<bool> missing, const std::vector<std::int64_t>& cells);
  void forget(const std::vector<bool>& words);
  void find_marks();
  void tally_words();
  bool are_long_codes(std::int64_t present) const;
  void words_to_numbers();

  Column column_;
  std::size_t index_;
  Dictionary dictionary_;
  Wish wish_;
  bool numeric_;  // cells are kept as numbers
  bool plain_;    // and most are written plainly
  bool integers_ = true;
  bool large_ = false;          // a whole number of 2^53 or more occurs
  bool may_have_form_ = false;  // a cell that is no plain number may be one with marks
  FormFound found_;
  std::vector<std::string> odd_dates_;
  Column::Type type_ = Column::Type::number;
};

}  // namespace pellucid::csv
