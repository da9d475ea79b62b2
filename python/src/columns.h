// Columns: builds a Table from columns in memory, so that it equals the table that a CSV file with the same cells
// gives. Not here: where the cells come from (tables.cc, arrow.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/table.h"

namespace pellucid::python {

/// The cells of a column of words, one after the other.
class Words {
 public:
  void add(std::string_view word) {
    text_ += word;
    ends_.push_back(text_.size());
    present_.push_back(true);
  }
  void add_missing() {
    ends_.push_back(text_.size());
    present_.push_back(false);
  }
  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(ends_.size()); }
  /// The word of a row; nothing: missing.
  std::optional<std::string_view> operator[](std::int64_t row) const noexcept {
    const auto at = static_cast<std::size_t>(row);
    if (!present_[at]) return std::nullopt;
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    return std::string_view(text_).substr(begin, ends_[at] - begin);
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
  std::vector<bool> present_;
};

class Columns;

/// Whole numbers, or words if some are so large that a double cannot hold them: then they are IDs, as in a CSV file.
class WholeNumbers {
 public:
  void add(std::int64_t number);
  void add(std::uint64_t number);
  void add_missing();
  void give_to(Columns& columns, std::string name);

 private:
  template <class Number>
  void add_number(Number number, bool large);

  LargeVector<double> numbers_;
  Words words_;
  bool as_words_ = false;
};

class Columns {
 public:
  /// `name`: of the table, in messages.
  explicit Columns(std::string name) { table_.source = std::move(name); }

  /// NaN: missing. `integers`: the numbers are of a whole type, so a CSV file would have no decimal points.
  void add_numbers(std::string name, LargeVector<double> numbers, bool integers);
  void add_words(std::string name, Words words);
  /// A column as it is, such as pixels.
  void add(Column column);
  /// The table, read with these options: words that are numbers become numbers, and so on, as in a CSV file. Throws as
  /// read_csv, and U20 where the columns differ in length.
  Table finish(ReadOptions options);

 private:
  // A column whose cells are text waits in `words`; the others are complete.
  struct Waiting {
    std::size_t column;
    Words words;
  };
  void count_row(const std::string& name, std::int64_t rows);
  void numbers_to_words(const ReadOptions& options);
  bool is_waiting(const std::string& column) const;
  void require_kinds(const ReadOptions& options) const;
  std::string csv() const;

  Table table_;
  std::vector<Waiting> waiting_;
  bool started_ = false;
};

}  // namespace pellucid::python
