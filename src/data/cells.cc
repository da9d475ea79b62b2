// The cells of a column as numbers or as words.
// Not here: what is learned from them (fit.cc).
#include "data/cells.h"

#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/text.h"
#include "data/words.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

void words_as_numbers(const Table& table, const Column& column, std::vector<double>& storage) {
  std::vector<double> values(column.words.size());
  std::vector<bool> is_number(column.words.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Spelling spelling = read_number(column.words[i], values[i]);
    is_number[i] = spelling != Spelling::none && spelling != Spelling::infinite;
  }
  for (std::size_t row = 0; row < column.codes.size(); ++row) {
    const std::int32_t code = column.codes[row];
    if (code >= 0 && !is_number[code]) {
      throw Error("D12",
                  table.place(static_cast<std::int64_t>(row)) + ", column " + quote(column.name) + ": " +
                      quote(column.words[code]) + " is not a number",
                  {"choose: --kind " + column.name + "=categorical | fix the file"});
    }
    storage.push_back(code < 0 ? std::numeric_limits<double>::quiet_NaN() : values[code]);
  }
}

}  // namespace

std::span<const double> cells_as_numbers(const Table& table, const Column& column, std::vector<double>& storage) {
  if (column.type == Column::Type::number) return column.numbers;
  storage.clear();
  if (column.type == Column::Type::bytes) {
    storage.assign(column.bytes.begin(), column.bytes.end());
  } else {
    words_as_numbers(table, column, storage);
  }
  return storage;
}

Words cells_as_words(const Column& column) {
  if (column.type == Column::Type::text) return {column.words, column.codes};
  Words result;
  std::unordered_map<double, std::int32_t> known;
  const std::size_t rows = column.type == Column::Type::bytes ? column.bytes.size() : column.numbers.size();
  for (std::size_t row = 0; row < rows; ++row) {
    const double value = column.type == Column::Type::bytes ? column.bytes[row] : column.numbers[row];
    if (std::isnan(value)) {
      result.codes.push_back(-1);
      continue;
    }
    const auto [at, fresh] = known.emplace(value, static_cast<std::int32_t>(known.size()));
    if (fresh) result.words.push_back(word_of(value));
    result.codes.push_back(at->second);
  }
  return result;
}

std::vector<bool> rows_with_missing(const Column& column) {
  if (column.type == Column::Type::bytes) return std::vector<bool>(column.bytes.size() / column.cell());
  if (column.type == Column::Type::text) {
    std::vector<bool> missing;
    for (const std::int32_t code : column.codes) missing.push_back(code < 0);
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
