// Splits a table into training, validation and test rows, and makes the three datasets.
// Not here: fitting the preprocessing to the training rows (fit.cc).
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/findings.h"
#include "pellucid/preprocess.h"
#include "prepare/categories.h"
#include "prepare/divide.h"
#include "prepare/fit.h"
#include "prepare/kinds.h"
#include "prepare/later_classes.h"
#include "prepare/target.h"
#include "prepare/target_scale.h"
#include "prepare/transform.h"
#include "tables/cells.h"
#include "tables/words.h"

namespace pellucid {
namespace {

constexpr std::size_t enough_rows = 100;  // with fewer rows, an unbalanced target is not reported
constexpr double unbalanced = 0.15;       // share of the rows below which the rarer of two classes is reported

// Converts positions in `rows` to row numbers of the table.
Rows picked(const Rows& rows, const Rows& positions) {
  Rows result;
  result.reserve(positions.size());
  for (const std::int64_t position : positions) result.push_back(rows[position]);
  return result;
}

// `which`: prefix that names the target if there are several.
void note_small_classes(std::span<const std::int32_t> labels, const std::vector<std::string>& classes,
                        const std::string& which, SplitPlan& result) {
  std::vector<std::int64_t> sizes(classes.size());
  for (const std::int32_t label : labels) ++sizes[label];
  std::vector<std::pair<std::string, std::int64_t>> counted;
  for (std::size_t c = 0; c < classes.size(); ++c) counted.emplace_back(classes[c], sizes[c]);
  for (Finding& finding : find_rare_classes(counted, 3)) {
    finding.text = which + finding.text;
    result.notes.push_back(std::move(finding));
  }
  if (sizes.size() != 2 || labels.size() < enough_rows) return;
  const std::size_t rarer = sizes[1] <= sizes[0] ? 1 : 0;
  const double share = static_cast<double>(sizes[rarer]) / static_cast<double>(labels.size());
  if (share >= unbalanced) return;
  result.notes.push_back(Finding::note(
      "D31", fmt::format(
                 "{}class {} has only {:.1f}% of the rows: judge by F1, not by accuracy; helpful: `threshold = auto`{}",
                 which, quote(classes[rarer]), share * 100, which.empty() ? ", `class_weights = balanced`" : "")));
}

void note_columns(const Table& table, SplitPlan& result) {
  const Preprocessor& found = result.preprocessor;
  if (!found.constant_columns.empty()) {
    const auto count = static_cast<std::int64_t>(found.constant_columns.size());
    result.notes.push_back(Finding::note("D04",
                                         plural(count, "column") + (count == 1 ? " has" : " have") +
                                             " the same value in all training rows: " + listed(found.constant_columns),
                                         found.constant_columns));
  }
  std::vector<std::string> codes;
  for (const FittedColumn& column : found.columns) {
    if (const auto* words = column.categorical(); words != nullptr && words->codes) codes.push_back(column.name);
  }
  if (!codes.empty()) {
    const std::string count = plural(static_cast<std::int64_t>(codes.size()), "column");
    result.notes.push_back(
        Finding::note("D29",
                      fmt::format("{} of whole numbers treated as codes, one category per number: {}; for numbers: {}",
                                  count, listed(codes), kind_hint(codes.front(), "number")),
                      codes));
  }
  if (auto rare = note_on_rare_words(found)) result.notes.push_back(*std::move(rare));
  for (const std::string& c : found.left_out) result.notes.push_back(Finding::note("D05", not_used_text(table, c)));
}

void note_targets(const Table& table, std::span<const int> targets, const Rows& train, SplitPlan& result) {
  if (result.preprocessor.is_classification()) return;
  for (const int at : targets) {
    const NumberCells cells(table, table.columns[at]);
    LargeVector<double> values;
    values.reserve(train.size());
    for (const std::int64_t row : train) values.push_back(cells[row]);
    if (auto skew = note_on_skew(table.columns[at].name, values)) result.notes.push_back(*std::move(skew));
  }
}

// The rows first … last - 1 that may be used: all, or with `missing = drop` only those without a missing cell.
Rows usable_rows(const Table& table, std::span<const int> targets, const PreprocessOptions& options, std::int64_t first,
                 std::int64_t last, SplitPlan& result, const std::string& dividing = "") {
  Rows rows(static_cast<std::size_t>(last - first));
  std::iota(rows.begin(), rows.end(), first);
  if (options.missing != MissingCells::drop) return rows;
  Rows complete = complete_rows(table, rows, targets, options);
  if (!dividing.empty()) {
    const std::vector<bool> missing = rows_with_missing(table.columns[table.require(dividing)]);
    std::erase_if(complete, [&](std::int64_t row) { return missing[static_cast<std::size_t>(row)]; });
  }
  if (complete.size() < rows.size()) {
    const auto lacking = static_cast<std::int64_t>(rows.size() - complete.size());
    result.notes.push_back(Finding::note("", plural(lacking, "row") + " not used because of missing cells"));
  }
  return complete;
}

// The class of each row. Empty for several targets, because a split cannot match the class shares of all of them.
LargeVector<std::int32_t> labels_to_stratify(const Table& table, std::span<const int> targets, const Rows& rows,
                                             const PreprocessOptions& options, SplitPlan& result) {
  LargeVector<std::int32_t> labels;
  for (const int at : targets) {
    const Column& target = table.columns[at];
    const std::vector<std::string> classes = classes_of(target, rows, are_as_written(target, options));
    const LargeVector<std::int32_t> all = labels_of(target, classes);
    labels.clear();
    labels.reserve(rows.size());
    for (const std::int64_t row : rows) labels.push_back(all[row]);
    note_small_classes(labels, classes, targets.size() > 1 ? target.name + ": " : "", result);
  }
  return targets.size() > 1 ? LargeVector<std::int32_t>() : labels;
}

// What decides the split of a row. Each vector has one element per row, or is empty.
struct Keys {
  LargeVector<std::int32_t> labels, groups;
  LargeVector<double> times;

  Keys of(const Rows& positions) const {
    Keys some;
    for (const std::int64_t p : positions) {
      if (!labels.empty()) some.labels.push_back(labels[p]);
      if (!groups.empty()) some.groups.push_back(groups[p]);
      if (!times.empty()) some.times.push_back(times[p]);
    }
    return some;
  }
};

RowParts divided(std::int64_t rows, const Keys& keys, double validation, double test, std::uint64_t seed) {
  if (!keys.groups.empty()) return divide_by_group(keys.groups, keys.labels, validation, test, seed);
  if (!keys.times.empty()) return divide_by_time(keys.times, validation, test);
  return split_rows(rows, keys.labels, validation, test, seed);
}

// The rows of one fold are the test rows; the others are divided into training and validation rows.
RowParts one_fold(std::int64_t rows, const Keys& keys, const SplitOptions& options) {
  const auto folds = folds_of(rows, keys.labels, keys.groups, options.folds, options.seed);
  Rows test, rest;
  for (std::int64_t row = 0; row < rows; ++row) (folds[row] == options.fold ? test : rest).push_back(row);
  RowParts parts = divided(static_cast<std::int64_t>(rest.size()), keys.of(rest), options.validation, 0, options.seed);
  for (Rows& part : parts) part = picked(rest, part);
  parts[2] = test;
  return parts;
}

void check_ways(const Table& table, std::span<const int> targets, const SplitOptions& options) {
  const auto exclude = [](const char* one, const char* other) {
    throw Error("U06", fmt::format("rows can be split by {} or by {}, not by both", one, other));
  };
  if (!options.group.empty() && !options.time.empty()) exclude("group", "time");
  if (options.folds != 0 && !options.time.empty()) exclude("folds", "time");
  if (options.folds != 0 && table.test_rows > 0) exclude("folds", "the test rows that are given");
  if (options.folds != 0 && options.validation_rows > 0) exclude("folds", "the validation rows that are given");
  if (options.cross_fit != 0 && !options.time.empty()) exclude("cross_fit", "time");
  if (options.cross_fit != 0 && options.validation_rows > 0) exclude("cross_fit", "the validation rows that are given");
  if (options.folds != 0 && (options.fold < 0 || options.fold >= options.folds)) {
    throw Error("U12", fmt::format("there is no fold {} of {}", options.fold, options.folds));
  }
  for (const int at : targets) {
    const std::string& name = table.columns[at].name;
    if (name != options.group && name != options.time) continue;
    throw Error("U06", fmt::format("{} is the target, so it cannot divide the rows (`{}`)", quote(name),
                                   name == options.group ? "group" : "time"));
  }
}

std::string counted_groups(const Keys& keys, const Rows& positions) {
  const Keys some = keys.of(positions);
  return count_text(static_cast<std::int64_t>(std::set<std::int32_t>(some.groups.begin(), some.groups.end()).size()));
}

void note_ways(const RowParts& parts, const Keys& keys, const SplitOptions& options, SplitPlan& result) {
  if (options.folds != 0) {
    result.notes.push_back(
        Finding::note("", fmt::format("the test rows are fold {} of {}", options.fold + 1, options.folds)));
  }
  if (!options.time.empty()) {
    const char* end = keys.labels.empty() ? "" : "; not stratified";
    result.notes.push_back(Finding::note(
        "", fmt::format("rows are split in order of {}: trained on the earliest rows, tested on the latest{}",
                        options.time, end)));
  }
  if (options.group.empty()) return;
  result.notes.push_back(Finding::note(
      "", fmt::format("rows with the same {} are in the same split: train {}, val {}, test {}{}", options.group,
                      counted_groups(keys, parts[0]), counted_groups(keys, parts[1]), counted_groups(keys, parts[2]),
                      keys.labels.empty() ? "" : "; stratified as far as that allows")));
}

// Reads the class, group and time of each row, as far as they are needed to divide the rows.
Keys keys_of(const Table& table, std::span<const int> targets, const Rows& rows, Task task,
             const PreprocessOptions& preprocess, const SplitOptions& options, SplitPlan& result) {
  Keys keys;
  if (task == Task::classification) keys.labels = labels_to_stratify(table, targets, rows, preprocess, result);
  if (!options.group.empty()) keys.groups = group_cells(table, table.require(options.group), rows);
  if (options.time.empty()) return keys;
  keys.times = time_cells(table, table.require(options.time), rows, asked_kind(options.preprocess, options.time));
  return keys;
}

// Divides the training and validation rows into folds; those of the first fold become the validation rows.
void cross_fit(RowParts& parts, const Rows& rows, const Keys& keys, const SplitOptions& options, SplitPlan& result) {
  Rows pool = parts[0];
  pool.insert(pool.end(), parts[1].begin(), parts[1].end());
  std::sort(pool.begin(), pool.end());
  const Keys own = keys.of(pool);
  const auto fold =
      folds_of(static_cast<std::int64_t>(pool.size()), own.labels, own.groups, options.cross_fit, options.seed);
  RowParts folds(static_cast<std::size_t>(options.cross_fit));
  parts[0].clear();
  for (std::size_t p = 0; p < pool.size(); ++p) {
    if (fold[p] >= 0) folds[static_cast<std::size_t>(fold[p])].push_back(pool[p]);
    if (fold[p] != 0) parts[0].push_back(pool[p]);
  }
  parts[1] = folds.front();
  for (const Rows& positions : folds) result.folds.push_back(picked(rows, positions));
  result.notes.push_back(
      Finding::note("", fmt::format("{} to train on, in {} folds: every net is validated on one of them",
                                    plural(static_cast<std::int64_t>(pool.size()), "row"), options.cross_fit)));
}

// Chooses the rows of the three splits. Validation and test rows may come from files of their own.
void choose_rows(const Table& table, std::span<const int> targets, const SplitOptions& options,
                 PreprocessOptions& preprocess, SplitPlan& result) {
  const std::int64_t before_tests = table.rows - table.test_rows, own = before_tests - options.validation_rows;
  const Rows rows =
      usable_rows(table, targets, preprocess, 0, own, result, options.time.empty() ? options.group : options.time);
  if (rows.empty()) throw Error("D17", table.source + " has no rows to learn from");
  for (const int at : targets) require_targets(table, table.columns[at], rows);
  const TaskChoice choice = choose_task(table, targets, rows, preprocess.task);
  preprocess.task = choice.task;
  result.preprocessor.task_reason = choice.reason;
  const double test = table.test_rows > 0 ? 0 : options.test;
  const double validation = options.validation_rows > 0 ? 0 : options.validation;
  const bool divides = options.validation_rows == 0 || test > 0;
  const Keys keys = keys_of(table, targets, rows, choice.task, preprocess, options, result);
  result.stratified = divides && !keys.labels.empty() && options.group.empty() && options.time.empty();
  const auto count = static_cast<std::int64_t>(rows.size());
  RowParts parts =
      options.folds != 0 ? one_fold(count, keys, options) : divided(count, keys, validation, test, options.seed);
  note_ways(parts, keys, options, result);
  if (options.cross_fit != 0) cross_fit(parts, rows, keys, options, result);
  result.train = picked(rows, parts[0]);
  result.validation = options.validation_rows > 0 ? usable_rows(table, targets, preprocess, own, before_tests, result)
                                                  : picked(rows, parts[1]);
  result.test = table.test_rows > 0 ? usable_rows(table, targets, preprocess, before_tests, table.rows, result)
                                    : picked(rows, parts[2]);
}

// The rows that the preprocessor is fitted on.
Rows learned_rows(const SplitPlan& plan) {
  Rows rows = plan.train;
  if (plan.folds.empty()) return rows;
  rows.insert(rows.end(), plan.validation.begin(), plan.validation.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

Rows used_rows(const SplitPlan& plan) {
  Rows rows;
  for (const Rows* part : {&plan.train, &plan.validation, &plan.test})
    rows.insert(rows.end(), part->begin(), part->end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

// For each fold the rows of the others, and its own; `all` has the rows of the table.
void add_folds(const Dataset& all, const SplitPlan& plan, Split& result) {
  if (plan.folds.empty()) return;
  Rows validated;
  const Rows pool = learned_rows(plan);
  for (const Rows& own : plan.folds) {
    Rows others;
    std::set_difference(pool.begin(), pool.end(), own.begin(), own.end(), std::back_inserter(others));
    result.folds.push_back({all.subset(others), all.subset(own)});
    validated.insert(validated.end(), own.begin(), own.end());
  }
  result.out_of_fold = all.subset(validated);
}

Split datasets(const Dataset& all, SplitPlan plan) {
  Split result;
  add_folds(all, plan, result);
  result.train = all.subset(plan.train);
  result.validation = all.subset(plan.validation);
  result.test = all.subset(plan.test);
  result.preprocessor = std::move(plan.preprocessor);
  result.stratified = plan.stratified;
  result.notes = std::move(plan.notes);
  return result;
}

}  // namespace

SplitPlan plan_split(const Table& table, const SplitOptions& options) {
  table.check();
  if (options.validation_rows < 0 || options.validation_rows > table.rows - table.test_rows) {
    throw Error("U12", fmt::format("validation_rows takes 0 to {}, the table's rows that are no test rows, got {}",
                                   table.rows - table.test_rows, options.validation_rows));
  }
  PreprocessOptions preprocess = options.preprocess;
  if (preprocess.target.empty()) preprocess.target = options.target;
  const std::vector<int> targets = find_targets(table, preprocess.target);
  check_ways(table, targets, options);
  if (!options.group.empty()) preprocess.drop.push_back(options.group);
  if (!options.time.empty() && !preprocess.kinds.contains(options.time)) preprocess.drop.push_back(options.time);
  check_options(table, targets, preprocess);
  SplitPlan result;
  choose_rows(table, targets, options, preprocess, result);
  std::string reason = std::move(result.preprocessor.task_reason);
  result.preprocessor = Preprocessor::fit(table, learned_rows(result), preprocess);
  result.preprocessor.task_reason = std::move(reason);
  if (!options.time.empty() && result.preprocessor.is_classification()) {
    refuse_later_classes(table, targets, options.time, result);
  }
  const std::vector<Finding> spelled = find_spelled_classes(table, result.preprocessor);
  result.notes.insert(result.notes.end(), spelled.begin(), spelled.end());
  note_columns(table, result);
  if (preprocess.target_scale != TargetScaling::log) note_targets(table, targets, result.train, result);
  return result;
}

Split split_by(const Table& table, SplitPlan plan) {
  const Dataset all = transform_rows(plan.preprocessor, table, nullptr, used_rows(plan));
  return datasets(all, std::move(plan));
}

Split split_by(Table&& table, SplitPlan plan) {
  const Dataset all = transform_rows(plan.preprocessor, table, &table, used_rows(plan));
  return datasets(all, std::move(plan));
}

Split split(const Table& table, const SplitOptions& options) {
  return split_by(table, plan_split(table, options));
}

Split split(Table&& table, const SplitOptions& options) {
  // Both arguments refer to the table, which is only moved from inside split_by.
  return split_by(std::move(table), plan_split(table, options));
}

}  // namespace pellucid
