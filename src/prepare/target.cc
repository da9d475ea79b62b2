// The target: which columns, classification or regression, and the class of each row.
// Not here: scaling of numeric targets (fit.cc, transform.cc).
#include "prepare/target.h"

#include <algorithm>
#include <cmath>

#include "core/key_set.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "prepare/class_words.h"
#include "prepare/kinds.h"
#include "prepare/learnable.h"
#include "tables/cells.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::int64_t most_classes = 20;  // a column of integers with more values is numeric
constexpr std::int64_t rows_of_each = 5;   // rows per class, on average, that classes need at least
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
  const std::string why = found.empty() ? "no column is named label, target, class or y"
                                        : "several columns have a usual name: " + join(names, ", ");
  throw Error("D11", "which column of " + table.source + " should be predicted? " + why,
              {"columns: " + listed(all, 20), "name it with `target = COLUMN`"});
}

// Throws D33, which says for each target what it is and what can be done.
[[noreturn]] void refuse_together(const Table& table, std::span<const int> targets,
                                  const std::vector<TaskChoice>& choices, const std::vector<std::size_t>& classes) {
  constexpr std::size_t most_named = 8;
  std::vector<std::string> details;
  bool all_numbers = true, all_classes = true;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const Column& column = table.columns[targets[t]];
    const bool number = choices[t].task == Task::regression;
    all_numbers = all_numbers && column.type == Column::Type::number;
    all_classes = all_classes && !number;
    const std::string what = number ? "a number" : plural(static_cast<std::int64_t>(classes[t]), "class");
    if (t < most_named) details.push_back(column.name + ": " + what + " (" + choices[t].reason + ")");
  }
  if (targets.size() > most_named) details.push_back("and " + std::to_string(targets.size() - most_named) + " more");
  details.push_back("predict one at a time: " + setting_hint("target", table.columns[targets.front()].name));
  if (all_numbers) details.push_back("or treat all as numbers: `task = regression`");
  throw Error("D33",
              table.source + (all_classes ? ": one model predicts several classes only if each target has two classes"
                                          : ": one model cannot predict both numbers and classes"),
              details);
}

}  // namespace

std::vector<int> find_targets(const Table& table, const ColumnNames& names) {
  std::vector<int> found;
  for (const std::string& name : names.list()) {
    found.push_back(table.require(name));
    if (std::count(found.begin(), found.end(), found.back()) > 1) {
      throw Error("U12", "the target " + quote(name) + " is named twice");
    }
  }
  if (names.empty()) found.push_back(guess_target(table));
  for (const int at : found) {
    const Column& column = table.columns[at];
    if (column.cell() == 1) continue;
    throw Error("D20", "the target " + quote(column.name) + " has " + column.shape.text() +
                           " numbers per row; only one number per row can be predicted");
  }
  return found;
}

TaskChoice choose_task(const Column& target, std::span<const std::int64_t> rows, Task wanted) {
  if (wanted != Task::automatic) return {wanted, "as requested"};
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

TaskChoice choose_task(const Table& table, std::span<const int> targets, std::span<const std::int64_t> rows,
                       Task wanted) {
  if (targets.size() == 1) {
    const Column& target = table.columns[targets.front()];
    TaskChoice choice = choose_task(target, rows, wanted);
    require_learnable(table, target, rows, choice.task, wanted);
    return choice;
  }
  std::vector<TaskChoice> choices;
  std::vector<std::size_t> classes;
  bool numbers = true, questions = true, alike = true;
  for (const int at : targets) {
    choices.push_back(choose_task(table.columns[at], rows, wanted));
    const bool classified = choices.back().task == Task::classification;
    require_learnable(table, table.columns[at], rows, choices.back().task, wanted);
    classes.push_back(classified ? classes_of(table.columns[at], rows).size() : 0);
    numbers = numbers && !classified;
    questions = questions && classified && classes.back() <= 2;
    alike = alike && choices.back().reason == choices.front().reason;
  }
  if (numbers) return {Task::regression, alike ? choices.front().reason : "numbers"};
  if (questions) return {Task::classification, "two classes each"};
  refuse_together(table, targets, choices, classes);
}

void require_targets(const Table& table, const Column& target, std::span<const std::int64_t> rows) {
  const std::vector<bool> missing = rows_with_missing(target);
  const auto lacks = [&](std::int64_t row) { return missing[row]; };
  const auto first = std::find_if(rows.begin(), rows.end(), lacks);
  if (first == rows.end()) return;
  const auto count = static_cast<std::int64_t>(std::count_if(first, rows.end(), lacks));
  throw Error("D18", table.place(*first) + ": the target " + quote(target.name) + " is missing",
              {count_text(count) + " of " + plural(static_cast<std::int64_t>(rows.size()), "row") +
                   (count == 1 ? " has no value" : " have no value"),
               "remove or fill them; `missing = drop` leaves out all rows with a missing cell, in any column"});
}

std::vector<std::string> classes_of(const Column& target, std::span<const std::int64_t> rows, bool as_written) {
  WordCells cells(target);
  const std::vector<std::string>& words = cells.all();
  std::vector<std::int64_t> counts(words.size());
  for (const std::int64_t row : rows) {
    if (const std::int32_t code = cells.code(row); code >= 0) ++counts[code];
  }
  return merged_classes(words, counts, as_written);
}

bool are_as_written(const Column& target, const PreprocessOptions& options) {
  return asked_kind(options, target.name) == AskedKind::categorical;
}

LargeVector<std::int32_t> labels_of(const Column& target, const std::vector<std::string>& classes) {
  WordCells cells(target);
  ClassFinder finder(classes);
  std::vector<std::int32_t> renamed;
  for (const std::string& word : cells.all()) renamed.push_back(finder.find(word));
  const std::size_t rows = std::max({target.codes.size(), target.numbers.size(), target.bytes.size()});
  LargeVector<std::int32_t> labels(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int32_t code = cells.code(static_cast<std::int64_t>(row));
    labels[row] = code < 0 ? -1 : renamed[code];
  }
  return labels;
}

}  // namespace pellucid
