// Brings the rows of a table into an order of their own and merges equal rows.
// Not here: weights in the training (the library).
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "pellucid/error.h"
#include "prepare/row_key.h"
#include "run/page/examples.h"
#include "tables.h"

namespace pellucid::python {

namespace {

bool equal_numbers(double a, double b) noexcept {
  return a == b || (std::isnan(a) && std::isnan(b));
}

bool equal_cells(const Column& column, std::int64_t a, std::int64_t b) noexcept {
  if (column.type == Column::Type::text) return column.codes[a] == column.codes[b];
  const std::int64_t cell = column.cell();
  if (column.type == Column::Type::bytes) {
    return std::equal(column.bytes.begin() + a * cell, column.bytes.begin() + (a + 1) * cell,
                      column.bytes.begin() + b * cell);
  }
  return std::equal(column.numbers.begin() + a * cell, column.numbers.begin() + (a + 1) * cell,
                    column.numbers.begin() + b * cell, equal_numbers);
}

bool equal_rows(const Table& table, std::int64_t a, std::int64_t b) {
  return std::all_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return equal_cells(column, a, b); });
}

// Words by their place in alphabetical order, because codes count words in the order of the rows.
void sort_words(Column& column) {
  std::vector<std::int32_t> order(column.words.size()), place(column.words.size());
  std::iota(order.begin(), order.end(), 0);
  const auto& words = column.words;
  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) { return words[a] < words[b]; });
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
    sorted.push_back(words[static_cast<std::size_t>(order[i])]);
  }
  column.words = std::move(sorted);
  for (std::int32_t& code : column.codes) code = code < 0 ? code : place[static_cast<std::size_t>(code)];
}

std::vector<std::uint64_t> keys_of(const Table& table) {
  std::vector<std::size_t> columns(table.columns.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  std::vector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<std::uint64_t> keys(rows.size());
  for_each_row_key(table, columns, rows,
                   [&](std::int64_t row, std::uint64_t key) { keys[static_cast<std::size_t>(row)] = key; });
  return keys;
}

}  // namespace

void put_in_order(TrainTable& data) {
  Table& table = data.table;
  for (Column& column : table.columns) {
    if (column.type == Column::Type::text) sort_words(column);
  }
  const std::vector<std::uint64_t> keys = keys_of(table);
  std::vector<std::int64_t> order;
  const auto weight_of = [&](std::int64_t row) {
    return data.weights.empty() ? 1.0 : static_cast<double>(data.weights[static_cast<std::size_t>(row)]);
  };
  for (std::int64_t row = 0; row < table.rows; ++row) {
    if (weight_of(row) != 0) order.push_back(row);
  }
  if (order.empty()) throw Error("D17", "all weights of rows are 0");
  std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)];
  });
  std::vector<std::int64_t> kept;
  std::vector<double> weights;
  for (const std::int64_t row : order) {
    if (!kept.empty() && equal_rows(table, kept.back(), row)) {
      weights.back() += weight_of(row);
    } else {
      kept.push_back(row);
      weights.push_back(weight_of(row));
    }
  }
  Table taken = take_rows(table, kept);
  taken.missing_words = std::move(table.missing_words);
  taken.notes = std::move(table.notes);
  for (std::size_t c = 0; c < taken.columns.size(); ++c) {
    taken.columns[c].integers = table.columns[c].integers;
    taken.columns[c].form = table.columns[c].form;
    taken.columns[c].missing = std::move(table.columns[c].missing);
  }
  table = std::move(taken);
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  data.weights.clear();
  if (std::all_of(weights.begin(), weights.end(), [&](double w) { return w == mean; })) return;
  for (const double weight : weights) data.weights.push_back(static_cast<float>(weight / mean));
}

}  // namespace pellucid::python
