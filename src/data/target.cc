// What is to be learned: which column, whether classes or numbers, and each row's class.
// Not here: scaling of numeric targets (fit.cc, transform.cc).
#include "data/target.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/key_set.h"
#include "core/text.h"
#include "data/cells.h"
#include "data/words.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

constexpr std::int64_t most_classes = 20;  // of a numeric target, by itself
constexpr std::int64_t rows_of_each = 5;   // on average
constexpr const char* usual_names[] = {"label", "target", "class", "y"};

int guess_target(const Table& table) {
  std::vector<int> found;
  std::vector<std::string> names;
  for (const char* name : usual_names) {
    const int at = table.find(name);
    if (at < 0) continue;
    found.push_back(at);
    names.push_back(name);
  }
  if (found.size() == 1) return found.front();
  std::vector<std::string> all;
  for (const Column& column : table.columns) all.push_back(column.name);
  const std::string why =
      found.empty() ? "no column is named label, target, class or y" : "it has " + join(names, " and ");
  throw Error("D11", "which column of " + table.source + " is to be learned? " + why,
              {"columns: " + listed(all, 20), "name it with --target COLUMN"});
}

}  // namespace

int find_target(const Table& table, const std::string& name) {
  const int at = name.empty() ? guess_target(table) : table.require(name);
  const Column& column = table.columns[at];
  if (column.cell() != 1) {
    throw Error("D20", "the target " + quote(column.name) + " holds " + column.shape.text() +
                           " numbers a row; one can be learned");
  }
  return at;
}

TaskChoice choose_task(const Column& target, std::span<const std::int64_t> rows, Task wanted) {
  if (wanted != Task::automatic) return {wanted, "as asked for"};
  if (target.type == Column::Type::text) return {Task::classification, "text"};
  const auto value = [&](std::int64_t row) -> double {
    return target.type == Column::Type::bytes ? target.bytes[row] : target.numbers[row];
  };
  KeySet distinct;
  for (const std::int64_t row : rows) {
    const double x = value(row);
    if (std::isnan(x)) continue;
    if (std::floor(x) != x) return {Task::regression, "numbers with decimals"};
    distinct.insert(number_key(x));
  }
  const auto count = static_cast<std::int64_t>(rows.size());
  const bool few = distinct.size() <= most_classes && count >= rows_of_each * distinct.size();
  return {few ? Task::classification : Task::regression,
          plural(distinct.size(), "distinct integer") + " in " + plural(count, "row")};
}

void require_targets(const Table& table, const Column& target, std::span<const std::int64_t> rows) {
  const std::vector<bool> missing = rows_with_missing(target);
  const auto lacks = [&](std::int64_t row) { return missing[row]; };
  const auto first = std::find_if(rows.begin(), rows.end(), lacks);
  if (first == rows.end()) return;
  throw Error("D18", table.place(*first) + ": the target " + quote(target.name) + " is missing",
              {plural(std::count_if(first, rows.end(), lacks), "row") + " without it; remove or fill them"});
}

std::vector<std::string> classes_of(const Column& target, std::span<const std::int64_t> rows) {
  WordCells cells(target);
  const std::vector<std::string>& words = cells.all();
  std::vector<bool> occurs(words.size());
  for (const std::int64_t row : rows) {
    if (const std::int32_t code = cells.code(row); code >= 0) occurs[code] = true;
  }
  std::vector<std::string> classes;
  for (std::size_t i = 0; i < occurs.size(); ++i) {
    if (occurs[i]) classes.push_back(words[i]);
  }
  std::sort(classes.begin(), classes.end(), word_less);
  return classes;
}

LargeVector<std::int32_t> labels_of(const Column& target, const std::vector<std::string>& classes) {
  WordCells cells(target);
  std::unordered_map<std::string_view, std::int32_t> index;
  for (std::size_t i = 0; i < classes.size(); ++i) index.emplace(classes[i], static_cast<std::int32_t>(i));
  std::vector<std::int32_t> renamed;
  for (const std::string& word : cells.all()) {
    const auto at = index.find(word);
    renamed.push_back(at == index.end() ? -2 : at->second);
  }
  const std::size_t rows = std::max({target.codes.size(), target.numbers.size(), target.bytes.size()});
  LargeVector<std::int32_t> labels(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int32_t code = cells.code(static_cast<std::int64_t>(row));
    labels[row] = code < 0 ? -1 : renamed[code];
  }
  return labels;
}

}  // namespace pellucid
