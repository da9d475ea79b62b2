// A column's cells as numbers or as words.
// Not here: what is learned from the cells (prepare/fit.cc).
#include "tables/cells.h"

#include <cmath>
#include <limits>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "tables/words.h"

namespace pellucid {

NumberCells::NumberCells(const Table& table, const Column& column) : table_(table), column_(column) {
  if (column.type == Column::Type::number) numbers_ = column.numbers.data();
  if (column.type != Column::Type::text) return;
  for (const std::string& word : column.words) {
    const Spelling spelling = read_number(word, values_.emplace_back());
    is_number_.push_back(spelling != Spelling::none && spelling != Spelling::infinite);
  }
}

double NumberCells::other(std::int64_t i) const {
  const auto at = static_cast<std::size_t>(i);
  if (column_.type == Column::Type::bytes) return column_.bytes[at];
  const std::int32_t code = column_.codes[at];
  if (code < 0) return std::numeric_limits<double>::quiet_NaN();
  const auto word = static_cast<std::size_t>(code);
  if (is_number_[word]) return values_[word];
  throw Error(
      "D12",
      table_.place(i) + ", column " + quote(column_.name) + ": " + quote(column_.words[word]) + " is not a number",
      {"choose: " + kind_hint(column_.name, "categorical") + " | fix the file"});
}

std::int32_t WordCells::number_code(std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  const double value = column_.type == Column::Type::bytes ? column_.bytes[at] : column_.numbers[at];
  if (std::isnan(value)) return -1;
  const auto [found, fresh] = known_.emplace(value, static_cast<std::int32_t>(known_.size()));
  if (fresh) number_words_.push_back(word_of(value));
  return found->second;
}

const std::vector<std::string>& WordCells::all() {
  if (column_.type == Column::Type::text) return column_.words;
  const std::size_t rows = column_.type == Column::Type::bytes ? column_.bytes.size() : column_.numbers.size();
  for (std::size_t row = 0; row < rows; ++row) number_code(static_cast<std::int64_t>(row));
  return number_words_;
}

std::vector<bool> rows_with_missing(const Column& column) {
  if (column.type == Column::Type::bytes) return std::vector<bool>(column.bytes.size() / column.cell());
  if (column.type == Column::Type::text) {
    std::vector<bool> missing(column.codes.size());
    for (std::size_t row = 0; row < missing.size(); ++row) missing[row] = column.codes[row] < 0;
    return missing;
  }
  const auto cell = static_cast<std::size_t>(column.cell());
  std::vector<bool> missing(column.numbers.size() / cell);
  for (std::size_t i = 0; i < column.numbers.size(); ++i) {
    if (std::isnan(column.numbers[i])) missing[i / cell] = true;
  }
  return missing;
}

}  // namespace pellucid
