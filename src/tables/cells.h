// Views of a column's cells as numbers or as words with codes, whatever type the column has. The column is not copied.
// Not here: what is learned from the cells (prepare/fit.cc).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// A column's cells as numbers; NaN: missing.
class NumberCells {
 public:
  NumberCells(const Table& table, const Column& column);
  /// i = row · column.cell() + element of the cell. Throws D12 for a word that is not a number.
  double operator[](std::int64_t i) const { return numbers_ != nullptr ? numbers_[i] : other(i); }

 private:
  double other(std::int64_t i) const;

  const Table& table_;
  const Column& column_;
  const double* numbers_ = nullptr;
  std::vector<double> values_;  // text column: the number that each word spells
  std::vector<bool> is_number_;
};

/// A column's cells as words, for columns with one value per cell. Numbers are spelled by word_of().
class WordCells {
 public:
  explicit WordCells(const Column& column) : column_(column) {}

  /// Code of the row's word; -1: missing. In a column of numbers, each new number gets the next code.
  std::int32_t code(std::int64_t row) {
    return column_.type == Column::Type::text ? column_.codes[static_cast<std::size_t>(row)] : number_code(row);
  }
  /// The word of a code that code() has returned.
  std::string_view word(std::int32_t code) const { return words()[static_cast<std::size_t>(code)]; }
  std::size_t count() const { return words().size(); }  ///< number of words that have a code so far
  /// The words of all rows, in the order of their codes; gives a code to every number of the column.
  const std::vector<std::string>& all();

 private:
  const std::vector<std::string>& words() const {
    return column_.type == Column::Type::text ? column_.words : number_words_;
  }
  std::int32_t number_code(std::int64_t row);

  const Column& column_;
  std::unordered_map<double, std::int32_t> known_;
  std::vector<std::string> number_words_;
};

/// For each row, whether any number of its cell is missing.
std::vector<bool> rows_with_missing(const Column& column);

}  // namespace pellucid
