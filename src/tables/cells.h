// The cells of a column in the form that learning needs: numbers, or words with codes, whatever the file held.
// Nothing is copied. Not here: what is learned from them (fit.cc).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// All cells as numbers (NaN: missing).
class NumberCells {
 public:
  NumberCells(const Table& table, const Column& column);
  /// i = row · cell + element. Throws D12 for a word that is no number.
  double operator[](std::int64_t i) const { return numbers_ != nullptr ? numbers_[i] : other(i); }

 private:
  double other(std::int64_t i) const;

  const Table& table_;
  const Column& column_;
  const double* numbers_ = nullptr;
  std::vector<double> values_;  // of words
  std::vector<bool> is_number_;
};

/// A column of single cells as words; numbers as word_of() spells them.
class WordCells {
 public:
  explicit WordCells(const Column& column) : column_(column) {}

  /// Which word the row holds; -1: missing. Numbers become words as they are met.
  std::int32_t code(std::int64_t row) {
    return column_.type == Column::Type::text ? column_.codes[static_cast<std::size_t>(row)] : number_code(row);
  }
  /// Of a code that was given.
  std::string_view word(std::int32_t code) const { return words()[static_cast<std::size_t>(code)]; }
  std::size_t count() const { return words().size(); }  ///< of the words so far
  /// The words of all rows, in order of first appearance.
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

/// Row by row: is any of the row's cells missing?
std::vector<bool> rows_with_missing(const Column& column);

}  // namespace pellucid
