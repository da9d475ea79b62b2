// Finds, checks and joins soft targets. Not here: reading the file (read_table), training with them (the library).
#include "recipe/soft_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "prepare/class_words.h"
#include "recipe/data.h"
#include "tables/cells.h"
#include "tables/words.h"

namespace pellucid {
namespace {

constexpr double rounding = 1e-3;  // how far the sum of a row may be from 1
constexpr const char* file_pattern = "p_*";

[[noreturn]] void refuse_number(const std::string& target) {
  throw Error("U06", fmt::format("{} is for classes, and {} is a number", setting_hint("soft_target"), quote(target)),
              {"a soft value of a number is a target like any other: name its column with `target = COLUMN`"});
}

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

// Positions of the columns that match the pattern, and in `classes` what stands for its *.
std::vector<std::size_t> find_columns(const Table& table, std::string_view pattern,
                                      const std::vector<std::string>& others, std::vector<std::string>& classes) {
  const std::size_t star = pattern.find('*');
  const std::string_view before = pattern.substr(0, star), after = pattern.substr(star + 1);
  if (after.find('*') != std::string_view::npos) {
    throw Error("U02", "soft_target takes a pattern with one *, such as p_*, got " + quote(std::string(pattern)));
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& name = table.columns[i].name;
    const bool fits = name.size() > before.size() + after.size() && name.starts_with(before) && name.ends_with(after);
    if (!fits || std::find(others.begin(), others.end(), name) != others.end()) continue;
    found.push_back(i);
    classes.push_back(name.substr(before.size(), name.size() - before.size() - after.size()));
  }
  if (found.size() >= 2) return found;
  throw Error("D54",
              fmt::format("{} has {} named {}; soft targets need one for each class, at least two", table.source,
                          plural(static_cast<std::int64_t>(found.size()), "column"), pattern),
              {"columns: " + listed(names_of(table), 20),
               "`pellucid predict MODEL DATA --proba` writes such columns for classes",
               "a soft value of a number is a target like any other: name its column with `target = COLUMN`"});
}

// The probabilities of all rows of the table, row after row.
LargeVector<float> read_probabilities(const Table& table, const std::vector<std::size_t>& columns) {
  std::vector<NumberCells> cells;
  for (const std::size_t at : columns) cells.emplace_back(table, table.columns[at]);
  LargeVector<float> result;
  result.reserve(static_cast<std::size_t>(table.rows) * columns.size());
  std::vector<double> row(columns.size());
  for (std::int64_t r = 0; r < table.rows; ++r) {
    double sum = 0;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      sum += row[c] = cells[c][r];
      if (row[c] >= 0 && row[c] <= 1 + rounding) continue;
      throw Error(
          "D44",
          fmt::format("{}, column {}: {} is no probability", table.place(r), quote(table.columns[columns[c]].name),
                      std::isnan(row[c]) ? "a missing cell" : number_text(row[c])),
          {"every row needs a number from 0 to 1 for each class"});
    }
    if (!(std::abs(sum - 1) <= rounding)) {
      throw Error("D44", fmt::format("{}: the soft targets have the sum {:.6g}, expected 1", table.place(r), sum),
                  {"divide each row's probabilities by their sum"});
    }
    for (const double p : row) result.push_back(static_cast<float>(p / sum));
  }
  return result;
}

void remove_columns(Table& table, const std::vector<std::size_t>& columns) {
  for (std::size_t i = columns.size(); i-- > 0;) {
    table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(columns[i]));
  }
}

// For each row of the table, the row of the file with the same key.
std::vector<std::int64_t> rows_by_key(const Table& table, const Table& file, const std::string& key) {
  const auto at = [&](const Table& in) -> const Column& {
    return in.columns[static_cast<std::size_t>(in.require(key))];
  };
  WordCells theirs(at(file)), ours(at(table));
  std::unordered_map<std::string, std::int64_t> known;
  for (std::int64_t r = 0; r < file.rows; ++r) {
    const std::int32_t code = theirs.code(r);
    if (code < 0) throw Error("D54", fmt::format("{}: the key {} is missing", file.place(r), quote(key)));
    const auto [first, fresh] = known.emplace(theirs.word(code), r);
    if (fresh) continue;
    throw Error("D54", fmt::format("{}: {} {} stands in an earlier row too ({})", file.place(r), key,
                                   quote(first->first), file.place(first->second)));
  }
  std::vector<std::int64_t> rows;
  for (std::int64_t r = 0; r < table.rows; ++r) {
    const std::int32_t code = ours.code(r);
    const auto found = code < 0 ? known.end() : known.find(std::string(ours.word(code)));
    if (found != known.end()) {
      rows.push_back(found->second);
      continue;
    }
    throw Error("D54", fmt::format("{}: {} has no row with this {}{}", table.place(r), file.source, key,
                                   code < 0 ? ", which is missing" : " (" + std::string(ours.word(code)) + ")"));
  }
  return rows;
}

void take_from_file(TrainTable& data, const DataSettings& settings) {
  const Table file = read_table(settings.soft_target);
  std::vector<std::string> classes;
  const std::vector<std::size_t> columns = find_columns(file, file_pattern, {}, classes);
  const LargeVector<float> probabilities = read_probabilities(file, columns);
  data.soft.classes = std::move(classes);
  if (settings.soft_key.empty()) {
    if (file.rows != data.table.rows) {
      throw Error("D54",
                  fmt::format("{} has {}, {} has {}: they cannot be joined by row order", file.source,
                              plural(file.rows, "row"), data.table.source, plural(data.table.rows, "row")),
                  {"predict every row of " + data.table.source +
                   ", or name a column of both that tells the rows apart with `soft_key = COLUMN`"});
    }
    data.soft.probabilities = probabilities;
    data.soft.source = file.source + ", joined by row order";
    return;
  }
  for (const std::int64_t row : rows_by_key(data.table, file, settings.soft_key)) {
    const auto each = static_cast<std::ptrdiff_t>(columns.size());
    const auto first = probabilities.begin() + row * each;
    data.soft.probabilities.insert(data.soft.probabilities.end(), first, first + each);
  }
  data.soft.source = file.source + ", joined by " + settings.soft_key;
  remove_columns(data.table, {static_cast<std::size_t>(data.table.require(settings.soft_key))});
}

// The name of the target column that is lacking; "": there is one, or find_targets() will say what is wrong. A column
// with nearly this name is probably meant, and would give the answer away as a feature: throws D11 then.
std::string lacking_target(const Table& table, const std::vector<std::string>& target) {
  if (target.size() != 1 || table.find(target.front()) >= 0) return "";
  if (!closest(target.front(), names_of(table)).empty()) (void)table.require(target.front());
  return target.front();
}

void add_likeliest(TrainTable& data, const std::string& name) {
  const SoftTargets& soft = data.soft;
  const auto classes = static_cast<std::ptrdiff_t>(soft.classes.size());
  Column column{.name = name, .type = Column::Type::text, .words = soft.classes};
  for (auto row = soft.probabilities.begin(); row != soft.probabilities.end(); row += classes) {
    column.codes.push_back(static_cast<std::int32_t>(std::max_element(row, row + classes) - row));
  }
  data.table.columns.push_back(std::move(column));
  data.soft.labels_made = true;
}

// For each class of the target the column of the soft targets; -1: none.
std::vector<std::int32_t> columns_of(const std::vector<std::string>& classes, const SoftTargets& soft) {
  ClassFinder finder(soft.classes);
  std::vector<std::int32_t> columns;
  for (const std::string& name : classes) columns.push_back(std::max(finder.find(name), -1));
  return columns;
}

}  // namespace

bool is_pattern(std::string_view soft_target) noexcept {
  return soft_target.find('*') != std::string_view::npos;
}

bool waits_for_soft_targets(const TrainTable& data, const DataSettings& settings) noexcept {
  return !settings.soft_target.empty() && data.soft.classes.empty();
}

void take_soft_targets(TrainTable& data, const DataSettings& settings) {
  if (!waits_for_soft_targets(data, settings)) return;
  if (is_pattern(settings.soft_target)) {
    std::vector<std::string> others = settings.target;
    others.insert(others.end(), settings.drop.begin(), settings.drop.end());
    const auto columns = find_columns(data.table, settings.soft_target, others, data.soft.classes);
    data.soft.probabilities = read_probabilities(data.table, columns);
    data.soft.source = "the columns " + settings.soft_target;
    remove_columns(data.table, columns);
  } else {
    take_from_file(data, settings);
  }
  const std::string lacking = lacking_target(data.table, settings.target);
  if (!lacking.empty()) add_likeliest(data, lacking);
}

void settle_soft_classes(SplitPlan& plan, const TrainTable& data) {
  if (data.soft.classes.empty()) return;
  const Preprocessor& learned = plan.preprocessor;
  if (learned.targets.size() > 1) {
    throw Error("U06", setting_hint("soft_target") + " is for one target, and there are several");
  }
  FittedTarget& target = plan.preprocessor.targets.front();
  if (!learned.is_classification()) refuse_number(target.name);
  std::vector<bool> used(data.soft.classes.size());
  const std::vector<std::int32_t> columns = columns_of(target.classes, data.soft);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c] >= 0) used[static_cast<std::size_t>(columns[c])] = true;
    if (columns[c] >= 0) continue;
    throw Error("D54",
                fmt::format("{} is a class of {}, and no soft target is about it", quote(target.classes[c]),
                            quote(target.name)),
                {"soft targets: " + listed(data.soft.classes, 20) + " (" + data.soft.source + ")"});
  }
  for (std::size_t c = 0; c < used.size(); ++c) {
    if (!used[c]) target.classes.push_back(data.soft.classes[c]);
  }
  std::sort(target.classes.begin(), target.classes.end(), word_less);
  plan.notes.push_back(Finding::note(
      "", "soft targets: " + data.soft.source +
              (data.soft.labels_made ? "; the table has no column " + quote(target.name) +
                                           ": the most probable class stands for it, also in the test rows"
                                     : "; scores and test rows are judged by " + quote(target.name))));
}

void set_soft_targets(Split& split, const TrainTable& data) {
  if (data.soft.classes.empty()) return;
  const std::vector<std::int32_t> columns = columns_of(split.preprocessor.targets.front().classes, data.soft);
  for (Dataset* part : learned_parts(split)) {
    if (part->empty()) continue;
    LargeVector<float> numbers;
    numbers.reserve(static_cast<std::size_t>(part->rows()) * columns.size());
    for (const std::int64_t row : part->indices()) {
      const float* const p = data.soft.probabilities.data() + row * static_cast<std::int64_t>(columns.size());
      for (const std::int32_t column : columns) numbers.push_back(p[column]);
    }
    *part = part->with_soft_targets(std::move(numbers));
  }
}

}  // namespace pellucid
