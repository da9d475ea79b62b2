// Recognises a row of totals by a word and by adding up the columns. Not here: reading rows (csv.cc).
#include "tables/readers/csv/totals.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace pellucid::csv {

namespace {

constexpr std::int64_t least_rows = 5;
constexpr double tolerance = 1e-4;  // relative to the sum of absolute values, because totals are rounded
constexpr std::string_view words[] = {"total", "totals", "grand total", "sum",  "summe",   "gesamt",
                                      "somme", "suma",   "totale",      "mean", "average", "mittelwert"};

bool has_word(const Column& column) {
  if (column.type != Column::Type::text || column.codes.back() < 0) return false;
  const std::int32_t code = column.codes.back();
  return names_totals(column.words[static_cast<std::size_t>(code)]) &&
         std::count(column.codes.begin(), column.codes.end(), code) == 1;
}

// Whether the last number is the sum or the mean of the numbers above it. It must not be missing.
bool is_total(const Column& column) {
  const double last = column.numbers.back();
  double sum = 0, magnitudes = 0, count = 0;
  for (std::size_t row = 0; row + 1 < column.numbers.size(); ++row) {
    if (std::isnan(column.numbers[row])) continue;
    sum += column.numbers[row];
    magnitudes += std::abs(column.numbers[row]);
    ++count;
  }
  const double allowed = tolerance * magnitudes;
  return count > 0 && (std::abs(last - sum) <= allowed || std::abs(last - sum / count) * count <= allowed);
}

void drop_last(Column& column) {
  if (column.type == Column::Type::number) {
    column.numbers.pop_back();
    return;
  }
  const std::int32_t code = column.codes.back();
  column.codes.pop_back();
  const bool last_word = code >= 0 && static_cast<std::size_t>(code) + 1 == column.words.size();
  if (last_word && std::find(column.codes.begin(), column.codes.end(), code) == column.codes.end()) {
    column.words.pop_back();
  }
}

}  // namespace

bool names_totals(std::string_view cell) {
  std::string lower(cell);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  while (!lower.empty() && (lower.back() == ':' || lower.back() == ' ')) lower.pop_back();
  return std::find(std::begin(words), std::end(words), lower) != std::end(words);
}

bool ends_with_totals(const Table& table) {
  if (table.rows < least_rows || std::none_of(table.columns.begin(), table.columns.end(), has_word)) return false;
  std::int64_t totals = 0;
  for (const Column& column : table.columns) {
    if (column.type != Column::Type::number || std::isnan(column.numbers.back())) continue;
    if (!is_total(column)) return false;
    ++totals;
  }
  return totals > 0;
}

void drop_last_row(Table& table) {
  table.notes.push_back(Finding::note(
      "D51",
      table.place(table.rows - 1) + " is not read as a row, because it contains totals (`skip_rows = 0` reads it)"));
  for (Column& column : table.columns) drop_last(column);
  for (Column& column : table.verbatim) drop_last(column);
  table.lines.pop_back();
  --table.rows;
}

}  // namespace pellucid::csv
