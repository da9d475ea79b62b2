// Preprocessor::fit: what is learned from the training rows, column by column.
// Not here: applying it (transform.cc), choosing rows (split.cc), the target's task and classes (target.cc).
#include "prepare/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

#include "core/text.h"
#include "pellucid/error.h"
#include "prepare/categories.h"
#include "prepare/kinds.h"
#include "prepare/scaling.h"
#include "prepare/statistics.h"
#include "prepare/target.h"
#include "prepare/target_scale.h"
#include "tables/cells.h"
#include "tables/dates.h"
#include "tables/words.h"

namespace pellucid {

namespace {

using Rows = std::span<const std::int64_t>;

void require_choice(const char* setting, const std::string& value, const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  throw Error("U12", std::string(setting) + " cannot be " + quote(value), {"there are: " + join(choices, ", ")});
}

std::string kind_asked(const Column& column, const PreprocessOptions& options) {
  const auto kind = options.kinds.find(column.name);
  return kind == options.kinds.end() ? "" : kind->second;
}

FittedColumn begin(const Column& column, const char* kind) {
  FittedColumn fitted;
  fitted.name = column.name;
  fitted.kind = kind;
  fitted.form = column.form;
  fitted.shape = column.shape;
  fitted.features = column.cell();
  return fitted;
}

struct Fitter {
  const Table& table;
  const Rows rows;
  const PreprocessOptions& options;
  Preprocessor& result;
  std::set<std::string> scales;

  void fit(const Column& column);
  void fit_bytes(const Column& column);
  void fit_numbers(const Column& column);
  void fit_words(const Column& column, const std::string& form, bool asked);
  void fit_boolean(const Column& column, const std::string& form);
  void fit_dates(const Column& column, const std::string& form);
  void leave_out(const Column& column, const std::string& why) { result.left_out.push_back(column.name + ": " + why); }
  void keep(FittedColumn fitted);
  void note_scale(const std::string& automatic) { scales.insert(options.scale == "auto" ? automatic : options.scale); }
};

void Fitter::keep(FittedColumn fitted) {
  if (fitted.factor == 0) result.constant_columns.push_back(fitted.name);
  result.columns.push_back(std::move(fitted));
}

void Fitter::fit(const Column& column) {
  const std::string asked = kind_asked(column, options);
  const ColumnKind found = find_kind(table, column, asked);
  if (found.kind == "categorical") {
    fit_words(column, found.form, !asked.empty());
  } else if (found.kind == "boolean") {
    fit_boolean(column, found.form);
  } else if (found.kind == "date") {
    fit_dates(column, found.form);
  } else if (found.kind == "bytes") {
    fit_bytes(column);
  } else if (found.kind == "number") {
    fit_numbers(column);
  } else {
    leave_out(column, found.why);
  }
}

void Fitter::fit_bytes(const Column& column) {
  FittedColumn fitted = begin(column, "bytes");
  std::int64_t counts[256] = {};
  const std::int64_t cell = column.cell();
  for (const std::int64_t row : rows) {
    for (std::int64_t i = 0; i < cell; ++i) ++counts[column.bytes[row * cell + i]];
  }
  const auto total = static_cast<double>(rows.size()) * static_cast<double>(cell);
  double sum = 0;
  for (int value = 0; value < 256; ++value) sum += static_cast<double>(counts[value]) * value;
  fitted.mean = sum / total;
  double squares = 0;
  for (int value = 0; value < 256; ++value) {
    squares += static_cast<double>(counts[value]) * (value - fitted.mean) * (value - fitted.mean);
  }
  fitted.deviation = std::sqrt(squares / total);
  const auto occurs = [](std::int64_t count) { return count > 0; };
  fitted.low = static_cast<double>(std::find_if(counts, counts + 256, occurs) - counts);
  fitted.high = 255;
  while (fitted.high > 0 && counts[static_cast<int>(fitted.high)] == 0) --fitted.high;
  choose_scale(fitted, options.scale);
  note_scale("bytes / 255");
  keep(std::move(fitted));
}

void Fitter::fit_numbers(const Column& column) {
  const NumberCells cells(table, column);
  FittedColumn fitted = begin(column, "number");
  LargeVector<double> present;
  present.reserve(rows.size() * static_cast<std::size_t>(column.cell()));
  bool lacks = false;
  for (const std::int64_t row : rows) {
    for (std::int64_t i = 0; i < column.cell(); ++i) {
      const double value = cells[row * column.cell() + i];
      if (std::isnan(value)) {
        lacks = true;
      } else {
        present.push_back(value);
      }
    }
  }
  if (present.empty()) return leave_out(column, "every cell is missing");
  fit_values(fitted, present, options);
  fitted.indicator = lacks && options.missing == "auto";
  fitted.features += fitted.indicator ? 1 : 0;
  note_scale("standard");
  keep(std::move(fitted));
}

// One number for two words; it is no quantity, so it is not scaled.
void Fitter::fit_boolean(const Column& column, const std::string& form) {
  WordCells cells(column);
  std::vector<int> values;
  for (const std::string& word : cells.all()) values.push_back(read_boolean(word, form));
  LargeVector<double> present;
  present.reserve(rows.size());
  for (const std::int64_t row : rows) {
    if (const std::int32_t code = cells.code(row); code >= 0) present.push_back(values[code]);
  }
  if (present.empty()) return leave_out(column, "every cell is missing");
  FittedColumn fitted = begin(column, "boolean");
  PreprocessOptions plain = options;
  plain.scale = "none";
  const bool lacks = present.size() < rows.size();
  fit_values(fitted, present, plain);
  fitted.form = form;
  fitted.indicator = lacks && options.missing == "auto";
  fitted.features += fitted.indicator ? 1 : 0;
  keep(std::move(fitted));
}

void Fitter::fit_dates(const Column& column, const std::string& form) {
  WordCells cells(column);
  std::vector<std::optional<Moment>> moments;
  for (const std::string& word : cells.all()) moments.push_back(read_date(word, form));
  FittedColumn fitted = begin(column, "date");
  fitted.form = form;
  bool lacks = false;
  for (std::size_t i = 0; i < std::size(date_parts); ++i) {
    LargeVector<double> present;
    present.reserve(rows.size());
    for (const std::int64_t row : rows) {
      if (const std::int32_t code = cells.code(row); code >= 0) present.push_back(moments[code]->part(i));
    }
    if (present.empty()) return leave_out(column, "every cell is missing");
    lacks = present.size() < rows.size();
    FittedColumn part;
    part.name = date_parts[i];
    part.kind = "number";
    fit_values(part, present, options);
    const bool last = i + 1 == std::size(date_parts);
    if (form == "h:m" ? part.name == "hour" : last) {
      fitted.low = part.low;
      fitted.high = part.high;
      fitted.mean = part.mean;
      fitted.deviation = part.deviation;
    }
    if (part.factor != 0 || (last && fitted.parts.empty())) fitted.parts.push_back(std::move(part));
  }
  fitted.factor = fitted.parts.back().factor;
  fitted.fill = options.missing == "error" ? std::numeric_limits<double>::quiet_NaN() : 0;
  fitted.indicator = lacks && options.missing == "auto";
  fitted.features = static_cast<std::int64_t>(fitted.parts.size()) + (fitted.indicator ? 1 : 0);
  note_scale("standard");
  keep(std::move(fitted));
}

void Fitter::fit_words(const Column& column, const std::string& form, bool asked) {
  Categories found = find_categories(column, rows, options, asked);
  if (found.words.empty()) return leave_out(column, found.why);
  FittedColumn fitted = begin(column, "categorical");
  fitted.form = form;
  fitted.categories = std::move(found.words);
  fitted.other = found.rare;
  fitted.mean = found.rare_share;
  fitted.indicator = found.lacks && options.missing == "auto";
  fitted.factor = found.varies || fitted.indicator ? 1 : 0;
  fitted.fill = options.missing == "error"           ? std::numeric_limits<double>::quiet_NaN()
                : options.missing == "most-frequent" ? static_cast<double>(found.commonest)
                                                     : -1;
  fitted.embedded = found.embedded;
  const std::int64_t hot = static_cast<std::int64_t>(fitted.categories.size()) + (fitted.other > 0 ? 1 : 0);
  fitted.features = (fitted.embedded ? 1 : hot) + (fitted.indicator ? 1 : 0);
  keep(std::move(fitted));
}

void refuse_missing(const Table& table, Rows rows, std::span<const int> targets, const PreprocessOptions& options) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const bool target = std::find(targets.begin(), targets.end(), static_cast<int>(i)) != targets.end();
    if (!target && !is_feature(table, i, targets, options)) continue;
    const std::vector<bool> missing = rows_with_missing(table.columns[i]);
    const auto lacks = [&](std::int64_t row) { return missing[row]; };
    const auto first = std::find_if(rows.begin(), rows.end(), lacks);
    if (first == rows.end()) continue;
    throw Error("D14",
                table.place(*first) + ", column " + std::to_string(i + 1) + " " + quote(table.columns[i].name) +
                    ": the cell is missing",
                {plural(std::count_if(first, rows.end(), lacks), "such cell") + " in this column",
                 "choose: --missing auto | --missing median | fix the file"});
  }
}

FittedTarget fit_target(const Table& table, const Column& column, Rows rows, Task task,
                        const PreprocessOptions& options) {
  FittedTarget target;
  target.name = column.name;
  if (task == Task::classification) {
    target.classes = classes_of(column, rows, are_as_written(column, options));
    if (target.classes.size() < 2) {
      throw Error("D17", table.source + ": the target " + quote(column.name) + " is " + quote(target.classes.front()) +
                             " in every training row: nothing to tell apart");
    }
    return target;
  }
  const NumberCells cells(table, column);
  LargeVector<double> values;
  values.reserve(rows.size());
  for (const std::int64_t row : rows) values.push_back(cells[row]);
  target.form = column.form;
  fit_target_scale(target, table, values, options.target_scale);
  return target;
}

}  // namespace

void check_options(const Table& table, std::span<const int> targets, const PreprocessOptions& options) {
  require_choice("scale", options.scale, {"auto", "standard", "minmax", "robust", "none"});
  require_choice("target_scale", options.target_scale, {"standard", "log"});
  require_choice("missing", options.missing, {"auto", "error", "mean", "median", "most-frequent", "drop"});
  if (options.rare < 0) throw Error("U12", fmt::format("rare takes ≥ 0, got {}", options.rare));
  if (options.one_hot < 0) throw Error("U12", fmt::format("one_hot takes ≥ 0, got {}", options.one_hot));
  const auto refuse_dropped = [&](const std::string& column) {
    if (std::find(targets.begin(), targets.end(), table.require(column)) == targets.end()) return;
    throw Error("U12", "the target " + quote(column) + " cannot be dropped");
  };
  for (const auto& [column, kind] : options.kinds) {
    table.require(column);
    require_choice("kind", kind, column_kinds());
    if (kind == "drop") refuse_dropped(column);
  }
  for (const std::string& column : options.drop) refuse_dropped(column);
}

void check_parts(const Table& table, std::span<const int> targets, std::initializer_list<Rows> rows) {
  table.check();
  const auto columns = static_cast<int>(table.columns.size());
  for (const int at : targets) {
    if (at < 0 || at >= columns)
      throw Error("U20", fmt::format("there is no column {} in {} of {}", at, plural(columns, "column"), table.source));
  }
  for (const Rows& some : rows) {
    const auto outside = [&](std::int64_t row) { return row < 0 || row >= table.rows; };
    const auto bad = std::find_if(some.begin(), some.end(), outside);
    if (bad != some.end())
      throw Error("U20", fmt::format("there is no row {} in {} of {}", *bad, plural(table.rows, "row"), table.source));
  }
}

bool is_feature(const Table& table, std::size_t column, std::span<const int> targets,
                const PreprocessOptions& options) {
  const std::string& name = table.columns[column].name;
  return std::find(targets.begin(), targets.end(), static_cast<int>(column)) == targets.end() &&
         kind_asked(table.columns[column], options) != "drop" &&
         std::find(options.drop.begin(), options.drop.end(), name) == options.drop.end();
}

LargeVector<std::int64_t> complete_rows(const Table& table, Rows rows, std::span<const int> targets,
                                        const PreprocessOptions& options) {
  std::vector<bool> lacks(table.rows);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const bool target = std::find(targets.begin(), targets.end(), static_cast<int>(i)) != targets.end();
    if (!target && !is_feature(table, i, targets, options)) continue;
    const std::vector<bool> missing = rows_with_missing(table.columns[i]);
    for (std::int64_t row = 0; row < table.rows; ++row) lacks[row] = lacks[row] || missing[row];
  }
  LargeVector<std::int64_t> complete;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(complete), [&](std::int64_t row) { return !lacks[row]; });
  return complete;
}

Preprocessor Preprocessor::fit(const Table& table, Rows rows, const PreprocessOptions& options) {
  check_parts(table, {}, {rows});
  const std::vector<int> targets = find_targets(table, options.target);
  check_options(table, targets, options);
  if (options.missing == "error") refuse_missing(table, rows, targets, options);
  LargeVector<std::int64_t> complete;
  if (options.missing == "drop") complete = complete_rows(table, rows, targets, options);
  const Rows used = options.missing == "drop" ? Rows(complete) : rows;
  if (used.empty()) throw Error("D17", table.source + " has no rows to learn from");
  for (const int at : targets) require_targets(table, table.columns[at], used);

  Preprocessor result;
  result.missing_words = table.missing_words;
  const TaskChoice choice = choose_task(table, targets, used, options.task);
  result.task = choice.task;
  result.task_reason = choice.reason;
  for (const int at : targets) {
    result.targets.push_back(fit_target(table, table.columns[at], used, choice.task, options));
  }
  Fitter fitter{table, used, options, result, {}};
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (is_feature(table, i, targets, options)) fitter.fit(table.columns[i]);
  }
  if (result.columns.empty()) {
    std::vector<std::string> reasons;
    for (const std::string& column : result.left_out) reasons.push_back("left out " + column);
    throw Error("D17", table.source + " has no column to learn from", reasons);
  }
  result.scale = fitter.scales.empty() ? "none" : join({fitter.scales.begin(), fitter.scales.end()}, " + ");
  return result;
}

}  // namespace pellucid
