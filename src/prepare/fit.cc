// Preprocessor::fit: fits the preprocessing of each column to the training rows.
// Not here: applying it (transform.cc), choosing rows (split.cc), the target's task and classes (target.cc).
#include "prepare/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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

template <class Learned>
FittedColumn fitted_as(const Column& column, Learned learned) {
  return {.name = column.name, .shape = column.shape, .features = column.cell(), .learned = std::move(learned)};
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
  void fit_words(const Column& column, bool codes, bool asked);
  void fit_boolean(const Column& column, BooleanForm form);
  void fit_dates(const Column& column, DateForm form);
  void leave_out(const Column& column, const std::string& why) { result.left_out.push_back(column.name + ": " + why); }
  void keep(FittedColumn fitted, bool lacks);
  void note_scale(const char* automatic) {
    scales.emplace(options.scale == Scaling::automatic ? automatic : text_of(options.scale));
  }
};

// `lacks`: whether a training row has a missing cell in this column.
void Fitter::keep(FittedColumn fitted, bool lacks) {
  fitted.indicator = lacks && options.missing == MissingCells::automatic;
  if (fitted.indicator) ++fitted.features;
  if (fitted.is_constant()) result.constant_columns.push_back(fitted.name);
  result.columns.push_back(std::move(fitted));
}

void Fitter::fit(const Column& column) {
  const std::optional<AskedKind> asked = asked_kind(options, column.name);
  const FoundKind found = find_kind(table, column, asked);
  switch (found.kind) {
    case ColumnKind::number:
      return fit_numbers(column);
    case ColumnKind::boolean:
      return fit_boolean(column, found.boolean);
    case ColumnKind::date:
      return fit_dates(column, found.date);
    case ColumnKind::categorical:
      return fit_words(column, found.codes, asked.has_value());
    case ColumnKind::bytes:
      return fit_bytes(column);
    case ColumnKind::drop:
      return leave_out(column, found.why);
  }
}

void Fitter::fit_bytes(const Column& column) {
  NumberScale fitted;
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
  choose_scale(fitted, options.scale, true);
  note_scale("bytes / 255");
  keep(fitted_as(column, BytesColumn{fitted}), false);
}

void Fitter::fit_numbers(const Column& column) {
  const NumberCells cells(table, column);
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
  const NumberScale scale = fit_values(present, options.scale, options.missing);
  note_scale("standard");
  keep(fitted_as(column, NumberColumn{scale, column.form}), lacks);
}

// A boolean becomes 0 or 1, which is not scaled.
void Fitter::fit_boolean(const Column& column, BooleanForm form) {
  WordCells cells(column);
  std::vector<int> values;
  for (const std::string& word : cells.all()) values.push_back(read_boolean(word, form));
  LargeVector<double> present;
  present.reserve(rows.size());
  for (const std::int64_t row : rows) {
    if (const std::int32_t code = cells.code(row); code >= 0) present.push_back(values[code]);
  }
  if (present.empty()) return leave_out(column, "every cell is missing");
  const bool lacks = present.size() < rows.size();
  keep(fitted_as(column, BooleanColumn{fit_values(present, Scaling::none, options.missing), form}), lacks);
}

void Fitter::fit_dates(const Column& column, DateForm form) {
  WordCells cells(column);
  std::vector<std::optional<Moment>> moments;
  for (const std::string& word : cells.all()) moments.push_back(read_date(word, form));
  DateColumn date;
  date.form = form;
  date.refuses_missing = options.missing == MissingCells::error;
  bool lacks = false;
  for (const DatePart part : {DatePart::year, DatePart::month, DatePart::weekday, DatePart::hour, DatePart::elapsed}) {
    LargeVector<double> present;
    present.reserve(rows.size());
    for (const std::int64_t row : rows) {
      if (const std::int32_t code = cells.code(row); code >= 0) present.push_back(moments[code]->part(part));
    }
    if (present.empty()) return leave_out(column, "every cell is missing");
    lacks = present.size() < rows.size();
    const NumberScale scale = fit_values(present, options.scale, options.missing);
    if (part == (form == DateForm::time_of_day ? DatePart::hour : DatePart::elapsed)) date.range = scale;
    const bool last = part == DatePart::elapsed;
    if (scale.factor != 0 || (last && date.parts.empty())) date.parts.push_back({part, scale});
  }
  note_scale("standard");
  const auto features = static_cast<std::int64_t>(date.parts.size());
  FittedColumn fitted = fitted_as(column, std::move(date));
  fitted.features = features;
  keep(std::move(fitted), lacks);
}

void Fitter::fit_words(const Column& column, bool codes, bool asked) {
  Categories found = find_categories(column, rows, options, asked);
  if (found.words.empty()) return leave_out(column, found.why);
  CategoricalColumn words;
  words.categories = std::move(found.words);
  words.other = found.rare;
  words.other_share = found.rare_share;
  words.codes = codes;
  words.varies = found.varies || (found.lacks && options.missing == MissingCells::automatic);
  words.embedded = found.embedded;
  words.fill = options.missing == MissingCells::most_frequent ? found.commonest : -1;
  words.refuses_missing = options.missing == MissingCells::error;
  const std::int64_t hot = words.one_hot_features();
  FittedColumn fitted = fitted_as(column, std::move(words));
  fitted.features = found.embedded ? 1 : hot;
  keep(std::move(fitted), found.lacks);
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
                 "choose: `missing = auto` | `missing = median` | fix the file"});
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
                             " in every training row, so there is nothing to learn");
    }
    return target;
  }
  const NumberCells cells(table, column);
  LargeVector<double> values;
  values.reserve(rows.size());
  for (const std::int64_t row : rows) values.push_back(cells[row]);
  target.form = column.form;
  fit_target_scale(target, table, values, options.target_scale);
  target.clamped = options.clamp;
  return target;
}

}  // namespace

void check_options(const Table& table, std::span<const int> targets, const PreprocessOptions& options) {
  if (options.rare < 0) throw Error("U12", fmt::format("rare takes ≥ 0, got {}", options.rare));
  if (options.one_hot < 0) throw Error("U12", fmt::format("one_hot takes ≥ 0, got {}", options.one_hot));
  const auto refuse_dropped = [&](const std::string& column) {
    if (std::find(targets.begin(), targets.end(), table.require(column)) == targets.end()) return;
    throw Error("U12", "the target " + quote(column) + " cannot be dropped");
  };
  for (const auto& [column, kind] : options.kinds) {
    table.require(column);
    if (kind == AskedKind::drop) refuse_dropped(column);
  }
  for (const std::string& column : options.drop) refuse_dropped(column);
}

std::string not_used_text(const Table& table, const std::string& left_out) {
  std::string name;
  for (const Column& column : table.columns) {
    if (column.name.size() > name.size() && left_out.starts_with(column.name + ": ")) name = column.name;
  }
  return name + " is not used" + left_out.substr(name.size());
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
         asked_kind(options, name) != AskedKind::drop &&
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
  if (options.missing == MissingCells::error) refuse_missing(table, rows, targets, options);
  LargeVector<std::int64_t> complete;
  if (options.missing == MissingCells::drop) complete = complete_rows(table, rows, targets, options);
  const Rows used = options.missing == MissingCells::drop ? Rows(complete) : rows;
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
    for (const std::string& column : result.left_out) reasons.push_back(not_used_text(table, column));
    throw Error("D17", table.source + " has no column to learn from", reasons);
  }
  result.scale = fitter.scales.empty() ? "none" : join({fitter.scales.begin(), fitter.scales.end()}, " + ");
  return result;
}

}  // namespace pellucid
