// ColumnReader: collects the cells of one CSV column as numbers or words, decides the column's type, and counts the
// cells that do not fit it. Not here: rows and quotes (scanner.h), errors for cells that do not fit (csv.cc).
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

/// Counts cells of one kind and keeps the first one.
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

/// Counts missing cells, also by spelling.
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
  /// `index`: position of the column. `text_seen`: whether the first rows hold words; then all cells are kept as words
  /// until settle().
  ColumnReader(std::string name, std::size_t index, const Wish& wish, bool text_seen);

  void reserve(std::size_t rows);
  void add(std::string_view cell, std::int64_t row) {
    double value;
    const Spelling spelling = plain_ ? read_plain_number(cell, value) : Spelling::none;
    if (spelling == Spelling::none) return add_other(cell, row);
    integers_ = integers_ && spelling == Spelling::integer;
    column_.numbers.push_back(value);
  }

  /// To be called after the last row: decides the column's type.
  void settle();
  /// To be called after settle(): makes the words in a column of numbers missing instead of errors.
  void forgive_words();
  /// Whether all cells must be read again, because the column was read as plain numbers but holds words or numbers with
  /// separators or units. Then call begin_again(), and add() every cell again.
  bool must_reread() const noexcept { return numeric_ && (type_ == Column::Type::text || may_have_form_); }
  /// Whether the cell is missing whatever the other cells of the column are.
  bool is_missing(std::string_view cell) const;
  void begin_again();

  Column take();
  const std::string& name() const noexcept { return column_.name; }
  std::size_t index() const noexcept { return index_; }  ///< position of the column
  const std::optional<NumberForm>& form() const noexcept { return wish_.form; }
  const FormFound& found() const noexcept { return found_; }
  /// Words in a column of dates that became missing.
  const std::vector<std::string>& odd_dates() const noexcept { return odd_dates_; }
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
  void mark_missing_numbers();
  void tally_words();
  bool are_long_codes(std::int64_t present) const;
  void words_to_numbers();

  Column column_;
  std::size_t index_;
  Dictionary dictionary_;
  Wish wish_;
  bool numeric_;  // whether cells are kept as numbers; else as words
  bool plain_;    // whether read_plain_number() is tried first
  bool integers_ = true;
  bool large_ = false;          // whether a whole number of 2^53 or more occurs
  bool may_have_form_ = false;  // whether a cell that is not a plain number may be one with separators or a unit
  FormFound found_;
  std::vector<std::string> odd_dates_;
  Column::Type type_ = Column::Type::number;
};

}  // namespace pellucid::csv
