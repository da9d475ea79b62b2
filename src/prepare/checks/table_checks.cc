// check_table and check_split: all findings about a table, or about its training, validation and test rows.
// Not here: how a single finding is found (findings.cc, leaks.cc, near_findings.cc), printing.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_set>

#include "core/key_set.h"
#include "core/text.h"
#include "pellucid/findings.h"
#include "pellucid/setting_hint.h"
#include "prepare/categories.h"
#include "prepare/kinds.h"
#include "tables/missing.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr double mostly_missing = 0.5;   // share of a column's cells from which D14 is a warning
constexpr std::int64_t small_class = 5;  // classes with fewer rows are reported as rare
constexpr std::int64_t most_classes = 20;
constexpr std::size_t example_rows = 5;   // row numbers listed in a finding
constexpr std::int64_t few_words = 50;    // with more, words that hardly repeat are names or free text
constexpr std::int64_t least_names = 20;  // at least this many words without a repeat identify the rows

// A number per cell that is equal for equal cells. For columns of single cells that are not missing.
double cell_value(const Column& column, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  if (column.type == Column::Type::text) return column.codes[at];
  return column.type == Column::Type::bytes ? column.bytes[at] : column.numbers[at];
}

bool is_missing_at(const Column& column, std::int64_t row) {
  const double value = cell_value(column, row);
  return std::isnan(value) || (column.type == Column::Type::text && value < 0);
}

// How missing cells are spelled, as in ": blank 10, NA 2"; "" if the spellings are unknown or all cells are blank.
std::string spellings_text(const Column& column) {
  std::vector<std::string> parts;
  for (const auto& [spelling, cells] : column.missing) {
    parts.push_back((spelling.empty() ? "blank" : spelling) + " " + count_text(cells));
  }
  const bool plain = column.missing.empty() || (column.missing.size() == 1 && column.missing.begin()->first.empty());
  return plain ? "" : ": " + join(parts, ", ");
}

bool is_target(std::span<const int> targets, std::size_t column) {
  return std::find(targets.begin(), targets.end(), static_cast<int>(column)) != targets.end();
}

void check_missing(const Table& table, std::span<const int> targets, std::vector<Finding>& findings) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    const std::int64_t missing = missing_cells(column);
    if (missing == 0 || is_target(targets, c)) continue;
    const double share = static_cast<double>(missing) / static_cast<double>(table.rows * column.cell());
    findings.push_back({.code = "D14",
                        .text = fmt::format("column {}: {} missing ({:.1f}%){}", quote(column.name),
                                            plural(missing, "cell"), share * 100, spellings_text(column)),
                        .columns = {column.name},
                        .warning = share > mostly_missing});
  }
}

void check_constant(const Table& table, std::span<const int> targets, std::vector<Finding>& findings) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (!is_target(targets, c) && distinct_cells(column) <= 1) names.push_back(column.name);
  }
  if (names.empty()) return;
  const std::vector<std::string> all = names;
  const std::size_t more = names.size() > 6 ? names.size() - 6 : 0;
  const auto count = static_cast<std::int64_t>(names.size());
  names.resize(names.size() - more);
  findings.push_back(Finding::note(
      "D04",
      fmt::format("{} {} the same value in all rows: {}{}", plural(count, "column"), count == 1 ? "has" : "have",
                  join(names, " "), more > 0 ? fmt::format(" and {} more", more) : ""),
      all));
}

// The kind that the column will have. As there are no training rows yet, the number of words is judged over all rows.
FoundKind kind_of(const Table& table, const Column& column, std::optional<AskedKind> asked) {
  if (asked == AskedKind::drop) return {.kind = ColumnKind::drop};
  const std::int64_t present = table.rows - (column.shape.rank() == 0 ? missing_cells(column) : 0);
  if (present == 0) return {.kind = ColumnKind::drop, .why = "every cell is missing"};
  FoundKind found = find_kind(table, column, asked);
  if (asked || found.kind != ColumnKind::categorical) return found;
  const std::int64_t distinct = distinct_cells(column);
  const bool names_rows = distinct == present && present >= least_names;
  if (!names_rows && (distinct <= few_words || distinct * 2 <= present)) return found;
  return {.kind = ColumnKind::drop, .why = reason_to_leave_out(distinct, present)};
}

void check_kinds(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                 std::vector<Finding>& findings) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (is_target(targets, c)) continue;
    const std::string& name = table.columns[c].name;
    const FoundKind found = kind_of(table, table.columns[c], asked_kind(options, name));
    if (!found.why.empty()) {
      findings.push_back(Finding::note("D05", fmt::format("{} is not used: {}", name, found.why), {name}));
    }
  }
}

void check_target(const Table& table, const Column& target, const PreprocessOptions& options,
                  std::vector<Finding>& findings) {
  const Task task = options.task;
  KeySet classes;
  const bool may_be_numbers = task != Task::classification && target.type == Column::Type::number;
  std::int64_t missing = 0;
  std::vector<std::int64_t> examples;
  for (std::int64_t row = 0; row < table.rows; ++row) {
    if (is_missing_at(target, row)) {
      ++missing;
      if (examples.size() < example_rows) examples.push_back(row);
      continue;
    }
    if (may_be_numbers && classes.size() > most_classes) continue;  // more values than classes may have: it is numeric
    classes.insert(number_key(cell_value(target, row)));
  }
  if (missing > 0) {
    findings.push_back(Finding::warn(
        "D18", fmt::format("{} without a value of {}", plural(missing, "row"), target.name), {target.name}, examples));
  }
  if (classes.size() == 1) {
    findings.push_back(Finding::warn(
        "D17", fmt::format("column {} has only one value, so there is nothing to learn", quote(target.name)),
        {target.name}));
  }
  const bool labels = task == Task::classification ||
                      (task == Task::automatic &&
                       (target.type != Column::Type::number || (target.integers && classes.size() <= most_classes)));
  if (!labels) return;
  for (Finding& rare : find_rare_classes(class_rows(table, target, options), small_class)) {
    rare.columns = {target.name};
    findings.push_back(std::move(rare));
  }
}

// How the kind is named in a sentence about columns.
std::string_view group_of(const FoundKind& found) {
  switch (found.kind) {
    case ColumnKind::number:
    case ColumnKind::bytes:
      return "numeric";
    case ColumnKind::categorical:
      return found.codes ? "code" : "text";
    case ColumnKind::drop:
      return "not used";
    default:
      return text_of(found.kind);
  }
}

}  // namespace

std::int64_t missing_cells(const Column& column) {
  if (column.type == Column::Type::text)
    return std::count_if(column.codes.begin(), column.codes.end(), [](int c) { return c < 0; });
  return std::count_if(column.numbers.begin(), column.numbers.end(), [](double x) { return std::isnan(x); });
}

std::int64_t distinct_cells(const Column& column) {
  if (column.shape.rank() > 0) return 2;  // columns of blocks are not compared; they count as varying
  if (column.type == Column::Type::text) {
    std::vector<bool> occurs(column.words.size());
    for (const std::int32_t code : column.codes) {
      if (code >= 0) occurs[static_cast<std::size_t>(code)] = true;
    }
    return std::count(occurs.begin(), occurs.end(), true);
  }
  if (column.type == Column::Type::bytes) {
    std::array<bool, 256> occurs{};
    for (const std::uint8_t x : column.bytes) occurs[x] = true;
    return std::count(occurs.begin(), occurs.end(), true);
  }
  KeySet values;
  for (const double x : column.numbers) {
    if (!std::isnan(x)) values.insert(number_key(x));
  }
  return values.size();
}

std::string kinds_text(const Table& table, std::span<const int> targets, const PreprocessOptions& options) {
  constexpr std::string_view groups[] = {"numeric", "date", "boolean", "code", "text", "not used"};
  std::map<std::string_view, std::vector<std::string>> named;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (is_target(targets, c) || column.shape.rank() > 0) continue;
    named[group_of(kind_of(table, column, asked_kind(options, column.name)))].push_back(column.name);
  }
  std::vector<std::string> parts;
  for (const std::string_view group : groups) {
    std::vector<std::string>& names = named[group];
    if (names.empty()) continue;
    parts.push_back(count_text(static_cast<std::int64_t>(names.size())) + " " + std::string(group));
    if (group == "numeric") continue;
    const std::size_t more = names.size() > 6 ? names.size() - 6 : 0;
    names.resize(names.size() - more);
    parts.back() += fmt::format(" ({}{})", join(names, ", "), more > 0 ? fmt::format(" and {} more", more) : "");
  }
  return join(parts, ", ");
}

std::vector<Finding> find_unused_words(const Table& table, const MissingWords& asked) {
  std::vector<std::string> unused;
  for (const std::string& word : asked.words) {
    const auto has = [&](const Column& column) {
      const MissingRule rule({.usual = false, .words = {word}}, column.name);
      return std::any_of(column.missing.begin(), column.missing.end(), [&](const auto& spelled) {
        double number;
        const bool same = read_number(spelled.first, number) != Spelling::none && rule.is_missing_number(number);
        return same || spelled.first == word || column.name + ":" + spelled.first == word;
      });
    };
    if (std::none_of(table.columns.begin(), table.columns.end(), has)) unused.push_back(quote(word));
  }
  if (unused.empty()) return {};
  return {Finding::warn("D36", setting_hint("na") + " names words that occur in no cell: " + join(unused, ", "))};
}

std::vector<Finding> check_table(const Table& table, std::span<const int> targets, const PreprocessOptions& options) {
  std::vector<Finding> findings;
  const auto add = [&](const std::vector<Finding>& more) { findings.insert(findings.end(), more.begin(), more.end()); };
  LargeVector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  const std::span<const std::int64_t> own(rows.data(), static_cast<std::size_t>(table.rows - table.test_rows));
  const std::span<const std::int64_t> given(own.data() + own.size(), static_cast<std::size_t>(table.test_rows));
  for (const int target : targets) {
    check_target(table, table.columns[static_cast<std::size_t>(target)], options, findings);
  }
  add(find_unlike_targets(table, targets, options, own));
  add(find_leaks(table, targets, options, own));
  check_missing(table, targets, findings);
  check_constant(table, targets, findings);
  check_kinds(table, targets, options, findings);
  add(find_dull_columns(table, targets, options, own));
  add(find_repeats(table, rows));
  if (table.test_rows > 0) {
    add(find_repeats(table, targets, options, own, given));
    add(find_shifts(table, targets, options, own, given));
  }
  add(find_near_values(table, targets, options));
  if (table.test_rows == 0) add(find_split_risks(table, targets, options));
  add(table.notes);
  return findings;
}

std::vector<Finding> check_split(const Table& table, const SplitPlan& plan, bool later) {
  const std::vector<int> targets = find_targets(table, plan.preprocessor.target_names());
  PreprocessOptions known;
  known.task = plan.preprocessor.task;
  std::unordered_set<std::string_view> used;
  for (const FittedColumn& fitted : plan.preprocessor.columns) used.insert(fitted.name);
  for (const Column& column : table.columns) {
    if (!used.contains(column.name)) known.drop.push_back(column.name);
  }
  const std::span<const std::int64_t> train = plan.train, test = plan.test;
  std::vector<Finding> findings = find_leaks(table, targets, known, train);
  const auto add = [&](const std::vector<Finding>& more) { findings.insert(findings.end(), more.begin(), more.end()); };
  add(find_dull_columns(table, targets, known, train));
  add(find_repeats(table, targets, known, train, test));
  if (later) add(find_shifts(table, targets, known, train, test));
  return findings;
}

}  // namespace pellucid
