// Looking over a table's columns and rows. Not here: how `check` shows its findings.
#include "app/data_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "core/key_set.h"
#include "core/text.h"

namespace pellucid::app {
namespace {

constexpr double mostly_missing = 0.5;   // share of a column's cells
constexpr std::int64_t small_class = 5;  // rows
constexpr std::int64_t most_classes = 20;

// Tells the cells of a column of single cells apart; not for missing ones.
double cell_value(const Column& column, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  if (column.type == Column::Type::text) return column.codes[at];
  return column.type == Column::Type::bytes ? column.bytes[at] : column.numbers[at];
}

bool is_missing_at(const Column& column, std::int64_t row) {
  const double value = cell_value(column, row);
  return std::isnan(value) || (column.type == Column::Type::text && value < 0);
}

// ": blank 10, NA 2"; nothing where it is not known, or all are blank.
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
    const std::int64_t missing = missing_cells(table.columns[c]);
    if (missing == 0 || is_target(targets, c)) continue;
    const double share = static_cast<double>(missing) / static_cast<double>(table.rows * table.columns[c].cell());
    findings.push_back({share > mostly_missing, "D14",
                        fmt::format("column {}: {} missing ({:.1f}%){}", quote(table.columns[c].name),
                                    plural(missing, "cell"), share * 100, spellings_text(table.columns[c]))});
  }
}

void check_constant(const Table& table, std::span<const int> targets, std::vector<Finding>& findings) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (!is_target(targets, c) && distinct_cells(column) <= 1) names.push_back(column.name);
  }
  if (names.empty()) return;
  const std::size_t more = names.size() > 6 ? names.size() - 6 : 0;
  const auto count = static_cast<std::int64_t>(names.size());
  names.resize(names.size() - more);
  findings.push_back(Finding::note("D04",
                      fmt::format("{} never var{}: {}{}", plural(count, "column"), count == 1 ? "ies" : "y",
                                  join(names, " "), more > 0 ? fmt::format(" and {} more", more) : "")));
}

constexpr std::int64_t few_words = 50;    // beyond, words that hardly repeat are names or free text
constexpr std::int64_t least_names = 20;  // so many words, no two alike, name the rows

ColumnKind kind_of(const Table& table, const Column& column, const std::map<std::string, std::string>& asked) {
  const auto kind = asked.find(column.name);
  if (kind != asked.end() && kind->second == "drop") return {"drop", "", ""};
  const std::int64_t present = table.rows - (column.shape.rank() == 0 ? missing_cells(column) : 0);
  if (present == 0) return {"drop", "", "every cell is missing"};
  if (kind != asked.end()) return find_kind(table, column, kind->second);
  ColumnKind found = find_kind(table, column);
  const std::int64_t distinct = found.kind == "categorical" ? distinct_cells(column) : 0;
  const bool names_rows = distinct == present && present >= least_names;
  if (!names_rows && (distinct <= few_words || distinct * 2 <= present)) return found;
  return {"drop", "", plural(distinct, "distinct word") + " in " + plural(present, "row")};
}

void check_kinds(const Table& table, std::span<const int> targets, const std::map<std::string, std::string>& asked,
                 std::vector<Finding>& findings) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (is_target(targets, c)) continue;
    const ColumnKind found = kind_of(table, table.columns[c], asked);
    if (!found.why.empty()) {
      findings.push_back(Finding::note("D05", fmt::format("left out {}: {}", table.columns[c].name, found.why)));
    }
  }
}

void check_target(const Table& table, const Column& target, const PreprocessOptions& options,
                  std::vector<Finding>& findings) {
  const Task task = options.task;
  KeySet classes;
  const bool may_be_numbers = task != Task::classification && target.type == Column::Type::number;
  std::int64_t missing = 0;
  for (std::int64_t row = 0; row < table.rows; ++row) {
    if (is_missing_at(target, row)) {
      ++missing;
      continue;
    }
    if (may_be_numbers && classes.size() > most_classes) continue;  // they are
    classes.insert(number_key(cell_value(target, row)));
  }
  if (missing > 0)
    findings.push_back(Finding::warn("D18", fmt::format("{} without a {}", plural(missing, "row"), target.name)));
  if (classes.size() == 1)
    findings.push_back(Finding::warn("D17", fmt::format("column {} has one value only", quote(target.name))));
  const bool labels = task == Task::classification ||
                      (task == Task::automatic &&
                       (target.type != Column::Type::number || (target.integers && classes.size() <= most_classes)));
  if (!labels) return;
  const std::vector<Finding> rare = find_rare_classes(class_rows(table, target, options), small_class);
  findings.insert(findings.end(), rare.begin(), rare.end());
}

}  // namespace

std::int64_t missing_cells(const Column& column) {
  if (column.type == Column::Type::text)
    return std::count_if(column.codes.begin(), column.codes.end(), [](int c) { return c < 0; });
  return std::count_if(column.numbers.begin(), column.numbers.end(), [](double x) { return std::isnan(x); });
}

std::int64_t distinct_cells(const Column& column) {
  if (column.shape.rank() > 0) return 2;  // blocks of numbers are not told apart
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

std::string kinds_text(const Table& table, std::span<const int> targets,
                       const std::map<std::string, std::string>& asked) {
  std::map<std::string, std::vector<std::string>> names;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (is_target(targets, c) || table.columns[c].shape.rank() > 0) continue;
    const ColumnKind found = kind_of(table, table.columns[c], asked);
    names[found.kind == "drop"                              ? "left out"
          : found.kind == "number" || found.kind == "bytes" ? "numeric"
          : found.form == "code"                            ? "code"
          : found.kind == "categorical"                     ? "text"
                                                            : found.kind]
        .push_back(table.columns[c].name);
  }
  std::vector<std::string> parts;
  for (const char* kind : {"numeric", "date", "boolean", "code", "text", "left out"}) {
    if (names[kind].empty()) continue;
    parts.push_back(count_text(static_cast<std::int64_t>(names[kind].size())) + " " + kind);
    if (std::string_view(kind) == "numeric") continue;
    const std::size_t more = names[kind].size() > 6 ? names[kind].size() - 6 : 0;
    names[kind].resize(names[kind].size() - more);
    parts.back() += fmt::format(" ({}{})", join(names[kind], ", "), more > 0 ? fmt::format(" and {} more", more) : "");
  }
  return join(parts, ", ");
}

std::vector<Finding> find_unused_words(const Table& table, const MissingWords& asked) {
  std::vector<std::string> unused;
  for (const std::string& word : asked.words) {
    const auto has = [&](const Column& column) {
      return std::any_of(column.missing.begin(), column.missing.end(), [&](const auto& spelled) {
        return spelled.first == word || column.name + ":" + spelled.first == word;
      });
    };
    if (std::none_of(table.columns.begin(), table.columns.end(), has)) unused.push_back(quote(word));
  }
  if (unused.empty()) return {};
  return {Finding::warn("D36", "--na names words that no cell has: " + join(unused, ", "))};
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
  check_kinds(table, targets, options.kinds, findings);
  add(find_dull_columns(table, targets, options, own));
  add(find_repeats(table, rows));
  if (table.test_rows > 0) {
    add(find_repeats(table, targets, options, own, given));
    add(find_shifts(table, targets, options, own, given));
  }
  add(find_near_values(table, targets, options));
  if (table.test_rows == 0) add(find_split_risks(table, targets, options));
  add(notes_of_reading(table));
  return findings;
}

std::vector<Finding> check_parts(const Table& table, const SplitPlan& plan, bool later) {
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

void say_findings(Terminal& terminal, const std::vector<Finding>& findings) {
  constexpr std::size_t most_said = 12;
  for (std::size_t i = 0; i < std::min(findings.size(), most_said); ++i) {
    const Finding& finding = findings[i];
    const auto [style, level] =
        finding.warning ? std::pair(Style::warning, "warning") : std::pair(Style::faint, "note");
    terminal.say(terminal.paint(style, fmt::format("{}[{}]", level, finding.code)) + ": " + finding.text);
  }
  if (findings.size() > most_said) {
    terminal.say(fmt::format("and {} more like these", findings.size() - most_said));
  }
}

std::vector<Finding> notes_of_reading(const Table& table) {
  std::vector<Finding> findings;
  for (const std::string& note : table.notes) findings.push_back(finding_of(note));
  return findings;
}

void say_oddities(Terminal& terminal, const Table& table, const Preprocessor& preprocessor) {
  RowWatch watch(preprocessor);
  watch.see(table);
  say_findings(terminal, notes_of_reading(table));
  say_findings(terminal, find_spelled_classes(table, preprocessor));
  say_findings(terminal, watch.findings());
}

}  // namespace pellucid::app
