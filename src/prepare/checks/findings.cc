// Findings: repeated rows, columns without information, shifted columns. Not here: leaks (leaks.cc).
#include "pellucid/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/key_set.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "prepare/class_words.h"
#include "prepare/fit.h"
#include "prepare/row_key.h"
#include "prepare/target.h"
#include "tables/cells.h"
#include "tables/words.h"

namespace pellucid {

namespace {

using Rows = std::span<const std::int64_t>;

constexpr double flattering = 0.05;   // share of test rows that repeat a training row: from here on D01 is a warning
constexpr double nearly_all = 0.995;  // share of a column's present cells that are equal: the column hardly varies
constexpr std::int64_t least_names = 50;  // fewer rows cannot show that a column identifies rows
constexpr double least_name = 100000;     // identifiers without an order have at least six digits
constexpr double far_apart = 0.2;         // reported distance between two distributions, beyond what chance explains
// Chance exceeds a Kolmogorov-Smirnov distance of this · √((n + m) / (n · m)) once in 1,000 times.
constexpr double chance_distance = 1.95;

std::vector<std::size_t> feature_columns(const Table& table, std::span<const int> targets,
                                         const PreprocessOptions& options) {
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (is_feature(table, c, targets, options)) columns.push_back(c);
  }
  return columns;
}

// The key of the value in more than half of the cells, if there is one; else any key (Boyer, Moore 1981).
std::uint64_t majority_key(const Column& column, Rows rows) {
  std::uint64_t candidate = 0;
  std::int64_t lead = 0;
  for (const std::int64_t row : rows) {
    if (is_missing_cell(column, row)) continue;
    const std::uint64_t key = cell_key(column, row);
    if (lead == 0) candidate = key;
    lead += key == candidate ? 1 : -1;
  }
  return candidate;
}

bool hardly_varies(const Column& column, Rows rows) {
  const std::uint64_t key = majority_key(column, rows);
  std::int64_t present = 0, most = 0;
  for (const std::int64_t row : rows) {
    if (is_missing_cell(column, row)) continue;
    ++present;
    most += cell_key(column, row) == key ? 1 : 0;
  }
  return 2 * present > static_cast<std::int64_t>(rows.size()) && most < present &&
         static_cast<double>(most) >= nearly_all * static_cast<double>(present);
}

bool never_repeats(const Column& column, Rows rows) {
  KeySet seen;
  return std::all_of(rows.begin(), rows.end(), [&](std::int64_t row) {
    return !std::isnan(column.numbers[row]) && seen.insert(number_key(column.numbers[row]));
  });
}

bool names_rows(const Column& column, Rows rows) {
  if (column.type != Column::Type::number || !column.integers || !never_repeats(column, rows)) return false;
  double low = column.numbers[rows[0]], high = low;
  bool rises = true, falls = true;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double x = column.numbers[rows[i]], before = column.numbers[rows[i - 1]];
    low = std::min(low, x);
    high = std::max(high, x);
    rises = rises && x > before;
    falls = falls && x < before;
  }
  const bool counts = high - low + 1 <= 2 * static_cast<double>(rows.size());
  double digits = least_name;
  while (10 * digits <= low) digits *= 10;
  return rises || falls || counts || (low >= digits && high < 10 * digits);
}

// Half the sum of the differences between the words' shares (total variation distance), minus its expectation by
// chance.
double word_distance(const Column& column, Rows a, Rows b) {
  LargeVector<double> first(column.words.size() + 1), second(first.size());
  for (const std::int64_t row : a) ++first[static_cast<std::size_t>(column.codes[row] + 1)];
  for (const std::int64_t row : b) ++second[static_cast<std::size_t>(column.codes[row] + 1)];
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  double distance = 0, chance = 0;
  for (std::size_t word = 0; word < first.size(); ++word) {
    const double share = (first[word] + second[word]) / (n + m);
    distance += std::abs(first[word] / n - second[word] / m) / 2;
    chance += std::sqrt(share * (1 - share) * (1 / n + 1 / m)) / 2;
  }
  return distance - chance;
}

double number_distance(const Column& column, Rows a, Rows b) {
  LargeVector<double> first, second;
  first.reserve(a.size());
  second.reserve(b.size());
  for (const std::int64_t row : a) first.push_back(column.numbers[row]);
  for (const std::int64_t row : b) second.push_back(column.numbers[row]);
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  return kolmogorov_smirnov(std::move(first), std::move(second)) - chance_distance * std::sqrt((n + m) / (n * m));
}

std::vector<std::string> names_of(const Table& table, std::span<const int> targets) {
  std::vector<std::string> names;
  for (const int target : targets) names.push_back(table.columns[static_cast<std::size_t>(target)].name);
  return names;
}

}  // namespace

double kolmogorov_smirnov(LargeVector<double> a, LargeVector<double> b) {
  for (LargeVector<double>* values : {&a, &b}) {
    std::erase_if(*values, [](double x) { return std::isnan(x); });
    std::sort(values->begin(), values->end());
  }
  if (a.empty() || b.empty()) return 0;
  double largest = 0;
  for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    const double x = std::min(a[i], b[k]);
    while (i < a.size() && a[i] == x) ++i;
    while (k < b.size() && b[k] == x) ++k;
    largest = std::max(largest, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                         static_cast<double>(k) / static_cast<double>(b.size())));
  }
  return largest;
}

std::vector<Finding> find_unlike_targets(const Table& table, std::span<const int> targets,
                                         const PreprocessOptions& options, Rows rows) {
  if (targets.empty()) return {};
  check_parts(table, targets, {rows});
  try {
    choose_task(table, targets, rows, options.task);
    return {};
  } catch (const Error& error) {
    if (error.code() != "D33" && error.code() != "D38") throw;
    return {Finding::warn(error.code(), error.what() + (": " + join(error.details(), "; ")), names_of(table, targets))};
  }
}

std::vector<Finding> find_spelled_classes(const Table& table, const Preprocessor& learned) {
  std::vector<std::string> named, columns;
  for (const FittedTarget& target : learned.targets) {
    const int at = table.find(target.name);
    if (at < 0 || target.classes.empty()) continue;
    WordCells cells(table.columns[static_cast<std::size_t>(at)]);
    ClassFinder finder(target.classes);
    std::vector<std::vector<std::string>> others(target.classes.size());
    for (const std::string& word : cells.all()) {
      const std::int32_t found = finder.find(word);
      const auto index = static_cast<std::size_t>(std::max(found, 0));
      if (found >= 0 && word != target.classes[index]) others[index].push_back(quote(word));
    }
    const std::size_t before = named.size();
    for (std::size_t c = 0; c < others.size(); ++c) {
      if (!others[c].empty()) named.push_back(quote(target.classes[c]) + " also as " + listed(others[c], 5));
    }
    if (named.size() > before) columns.push_back(target.name);
  }
  if (named.empty()) return {};
  return {Finding::note("D37", "classes with several spellings are merged: " + listed(named, 5), columns)};
}

std::vector<std::pair<std::string, std::int64_t>> class_rows(const Table& table, const Column& target,
                                                             const PreprocessOptions& options) {
  LargeVector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  const std::vector<std::string> classes = classes_of(target, rows, are_as_written(target, options));
  std::vector<std::pair<std::string, std::int64_t>> counted;
  std::vector<std::size_t> place(classes.size(), classes.size());
  for (const std::int32_t label : labels_of(target, classes)) {
    if (label < 0) continue;
    std::size_t& at = place[static_cast<std::size_t>(label)];
    if (at == classes.size()) {
      at = counted.size();
      counted.emplace_back(classes[static_cast<std::size_t>(label)], 0);
    }
    ++counted[at].second;
  }
  return counted;
}

std::vector<Finding> find_rare_classes(const std::vector<std::pair<std::string, std::int64_t>>& classes,
                                       std::int64_t least) {
  std::vector<std::string> rare;
  std::string only;
  for (const auto& [name, rows] : classes) {
    if (rows >= least) continue;
    rare.push_back(quote(name) + " " + count_text(rows));
    only = fmt::format("class {} has only {}, too few to learn or evaluate it", quote(name), plural(rows, "row"));
  }
  if (rare.empty()) return {};
  const auto count = static_cast<std::int64_t>(rare.size());
  if (count == 1) return {Finding::warn("D03", only)};
  return {Finding::warn("D03", fmt::format("{} have fewer than {} rows, too few to learn or evaluate them: {}",
                                           plural(count, "class"), least, listed(rare, 6)))};
}

std::vector<Finding> find_repeats(const Table& table, Rows rows) {
  check_parts(table, {}, {rows});
  std::vector<std::size_t> columns(table.columns.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  KeySet seen;
  std::int64_t repeated = 0, first = -1;
  for_each_row_key(table, columns, rows, [&](std::int64_t row, std::uint64_t key) {
    if (seen.insert(key)) return;
    if (++repeated == 1) first = row;
  });
  if (repeated == 0) return {};
  return {Finding::note("D01",
                        fmt::format("{} repeat{} an earlier row; the first is {}", plural(repeated, "row"),
                                    repeated == 1 ? "s" : "", table.place(first)),
                        {}, {first})};
}

std::vector<Finding> find_repeats(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                  Rows train, Rows test) {
  check_parts(table, targets, {train, test});
  std::vector<std::size_t> columns = feature_columns(table, targets, options);
  for (const int target : targets) columns.push_back(static_cast<std::size_t>(target));
  KeySet of_tests, seen;  // training rows are more numerous, so only those that repeat a test row are kept
  for_each_row_key(table, columns, test, [&](std::int64_t, std::uint64_t key) { of_tests.insert(key); });
  for_each_row_key(table, columns, train, [&](std::int64_t, std::uint64_t key) {
    if (of_tests.contains(key)) seen.insert(key);
  });
  if (seen.size() == 0) return {};
  std::int64_t repeated = 0;
  for_each_row_key(table, columns, test, [&](std::int64_t, std::uint64_t key) { repeated += seen.contains(key); });
  const double share = static_cast<double>(repeated) / static_cast<double>(test.size());
  Finding found = Finding::note("D01", fmt::format("{} of {} ({:.1f}%) repeat{} a training row", count_text(repeated),
                                                   plural(static_cast<std::int64_t>(test.size()), "test row"),
                                                   share * 100, repeated == 1 ? "s" : ""));
  found.warning = share >= flattering;
  if (found.warning) found.text += ", so the score is better than it will be for new rows";
  return {found};
}

std::vector<Finding> find_dull_columns(const Table& table, std::span<const int> targets,
                                       const PreprocessOptions& options, Rows rows) {
  check_parts(table, targets, {rows});
  std::vector<std::string> flat, names;
  for (const std::size_t c : feature_columns(table, targets, options)) {
    const Column& column = table.columns[c];
    if (column.shape.rank() > 0) continue;
    if (hardly_varies(column, rows)) flat.push_back(column.name);
    const bool enough = static_cast<std::int64_t>(rows.size()) >= least_names;
    if (enough && names_rows(column, rows) && find_kind(table, column).kind != ColumnKind::drop)
      names.push_back(column.name);
  }
  std::vector<Finding> findings;
  const auto add = [&](const char* code, const std::vector<std::string>& columns, const char* one, const char* more) {
    const auto count = static_cast<std::int64_t>(columns.size());
    if (count == 0) return;
    const std::string text =
        fmt::format("{} {}: {}", plural(count, "column"), count == 1 ? one : more, listed(columns, 6));
    findings.push_back(Finding::note(code, text, columns));
  };
  add("D06", names, "looks like a row number or an ID", "look like row numbers or IDs");
  add("D08", flat, "is nearly constant", "are nearly constant");
  return findings;
}

std::vector<Finding> find_shifts(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                 Rows train, Rows later) {
  check_parts(table, targets, {train, later});
  if (train.empty() || later.empty()) return {};
  std::vector<std::pair<double, std::string>> shifted;
  for (const std::size_t c : feature_columns(table, targets, options)) {
    const Column& column = table.columns[c];
    if (column.shape.rank() > 0 || column.type == Column::Type::bytes) continue;
    const double distance =
        column.type == Column::Type::text ? word_distance(column, train, later) : number_distance(column, train, later);
    if (distance >= far_apart) shifted.emplace_back(-distance, column.name);
  }
  if (shifted.empty()) return {};
  std::sort(shifted.begin(), shifted.end());
  std::vector<std::string> names;
  for (const auto& [distance, name] : shifted) names.push_back(name);
  const auto count = static_cast<std::int64_t>(names.size());
  const std::string text = fmt::format("{} {} a different distribution in the test rows: {}", plural(count, "column"),
                                       count == 1 ? "has" : "have", listed(names, 6));
  return {Finding::warn("D22", text, names)};
}

}  // namespace pellucid
