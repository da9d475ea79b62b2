// Preprocessor::transform: rows of any table as features and targets, as the training rows taught.
// Not here: learning (fit.cc), JSON (preprocess_json.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "core/text.h"
#include "data/cells.h"
#include "data/dates.h"
#include "data/kinds.h"
#include "data/target.h"
#include "data/words.h"
#include "pellucid/error.h"
#include "pellucid/preprocess.h"

namespace pellucid {

namespace {

std::vector<const Column*> find_columns(const Table& table, const std::vector<FittedColumn>& columns) {
  std::vector<const Column*> found;
  std::vector<std::string> lacking;
  std::vector<std::string> present;
  for (const Column& column : table.columns) present.push_back(column.name);
  for (const FittedColumn& fitted : columns) {
    const int at = table.find(fitted.name);
    found.push_back(at < 0 ? nullptr : &table.columns[at]);
    if (at < 0) {
      const std::string near = closest(fitted.name, present);
      lacking.push_back(fitted.name + (near.empty() ? "" : " and has " + quote(near)));
    }
  }
  if (lacking.empty()) return found;
  throw Error("D20",
              fmt::format("the model needs {}; {} lacks {}",
                          plural(static_cast<std::int64_t>(columns.size()), "column"), table.source, lacking.front()),
              lacking.size() == 1
                  ? std::vector<std::string>{}
                  : std::vector<std::string>{"and lacks " + listed({lacking.begin() + 1, lacking.end()})});
}

void require_shape(const Table& table, const Column& column, const FittedColumn& fitted) {
  if (column.cell() == fitted.shape.elements()) return;
  throw Error("D20", fmt::format("column {} of {} holds {} numbers a row, the model needs {}", quote(column.name),
                                 table.source, column.shape.text(), fitted.shape.text()));
}

[[noreturn]] void refuse_missing(const Table& table, std::int64_t row, const std::string& column) {
  throw Error("D14", fmt::format("{}, column {}: the cell is missing", table.place(row), quote(column)),
              {"the model was trained with --missing error"});
}

float scaled(double value, const FittedColumn& fitted) {
  value = (value + fitted.offset) * fitted.factor;
  if (fitted.squash > 0) value /= std::sqrt(1 + value / fitted.squash * (value / fitted.squash));
  return static_cast<float>(value);
}

[[noreturn]] void refuse_far(const Table& table, std::int64_t row, const std::string& column, double value,
                             const FittedColumn& fitted) {
  throw Error("D15", fmt::format("{}, column {}: {} is too far from the training data ({} to {}) for a float",
                                 table.place(row), quote(column), value, fitted.low, fitted.high));
}

// Writes the features of one column: those of row r begin at out + r · width.
void write_numbers(const Table& table, const Column& column, const FittedColumn& fitted, float* out,
                   std::int64_t width) {
  std::vector<double> storage;
  const std::span<const double> cells = cells_as_numbers(table, column, storage);
  const std::int64_t cell = column.cell();
  for (std::int64_t row = 0; row < table.rows; ++row, out += width) {
    bool lacks = false;
    for (std::int64_t i = 0; i < cell; ++i) {
      double value = cells[row * cell + i];
      if (std::isnan(value)) {
        if (std::isnan(fitted.fill)) refuse_missing(table, row, fitted.name);
        lacks = true;
        value = fitted.fill;
      }
      out[i] = scaled(value, fitted);
      if (!std::isfinite(out[i])) refuse_far(table, row, fitted.name, cells[row * cell + i], fitted);
    }
    if (fitted.indicator) out[cell] = lacks ? 1.0f : 0.0f;
  }
}

void write_words(const Table& table, const Column& column, const FittedColumn& fitted, float* out, std::int64_t width) {
  const Words cells = cells_as_words(column);
  std::unordered_map<std::string_view, std::int64_t> index;
  for (std::size_t i = 0; i < fitted.categories.size(); ++i) {
    index.emplace(fitted.categories[i], static_cast<std::int64_t>(i));
  }
  const auto categories = static_cast<std::int64_t>(fitted.categories.size());
  const std::int64_t others = fitted.other > 0 ? categories : -1;
  std::vector<std::int64_t> feature;
  for (const std::string& word : cells.words) {
    const auto at = index.find(word);
    feature.push_back(at == index.end() ? others : at->second);
  }
  for (std::int64_t row = 0; row < table.rows; ++row, out += width) {
    const std::int32_t code = cells.codes[row];
    if (code < 0 && std::isnan(fitted.fill)) refuse_missing(table, row, fitted.name);
    const std::int64_t hot = code < 0 ? static_cast<std::int64_t>(fitted.fill) : feature[code];
    if (fitted.embedded) {
      out[0] = static_cast<float>(hot);
    } else if (hot >= 0) {
      out[hot] = static_cast<float>(fitted.factor);
    }
    if (code < 0 && fitted.indicator) out[fitted.features - 1] = 1.0f;
  }
}

// Calls write(out, word's index, or -1) for every row, once each word has been understood by read(word), which says so.
template <class Read, class Write>
void write_understood(const Table& table, const Column& column, const FittedColumn& fitted, const char* what,
                      const Read& read, const Write& write) {
  const Words cells = cells_as_words(column);
  std::vector<bool> understood;
  for (const std::string& word : cells.words) understood.push_back(read(word));
  for (std::int64_t row = 0; row < table.rows; ++row) {
    const std::int32_t code = cells.codes[row];
    if (code < 0 && std::isnan(fitted.fill)) refuse_missing(table, row, fitted.name);
    if (code >= 0 && !understood[code]) {
      throw Error("D12", fmt::format("{}, column {}: {} is no {} of the form {}, as in training", table.place(row),
                                     quote(fitted.name), quote(cells.words[code]), what, fitted.form));
    }
    write(row, code);
  }
}

void write_booleans(const Table& table, const Column& column, const FittedColumn& fitted, float* out,
                    std::int64_t width) {
  std::vector<int> values;
  write_understood(
      table, column, fitted, "boolean",
      [&](const std::string& word) { return values.emplace_back(read_boolean(word, fitted.form)) >= 0; },
      [&](std::int64_t row, std::int32_t code) {
        out[row * width] = scaled(code < 0 ? fitted.fill : values[code], fitted);
        if (fitted.indicator) out[row * width + 1] = code < 0 ? 1.0f : 0.0f;
      });
}

std::size_t part_index(const FittedColumn& part) {
  const auto same = [&](const char* name) { return part.name == name; };
  return static_cast<std::size_t>(std::find_if(std::begin(date_parts), std::end(date_parts), same) - date_parts);
}

void write_dates(const Table& table, const Column& column, const FittedColumn& fitted, float* out, std::int64_t width) {
  std::vector<std::optional<Moment>> moments;
  write_understood(
      table, column, fitted, "date",
      [&](const std::string& word) { return moments.emplace_back(read_date(word, fitted.form)).has_value(); },
      [&](std::int64_t row, std::int32_t code) {
        float* to = out + row * width;
        for (const FittedColumn& part : fitted.parts) {
          const double value = code < 0 ? part.fill : moments[code]->part(part_index(part));
          *to = scaled(value, part);
          if (!std::isfinite(*to++)) refuse_far(table, row, fitted.name, value, part);
        }
        if (fitted.indicator) *to = code < 0 ? 1.0f : 0.0f;
      });
}

std::int64_t feature_count(const std::vector<FittedColumn>& columns) {
  return std::accumulate(columns.begin(), columns.end(), std::int64_t{0},
                         [](std::int64_t sum, const FittedColumn& column) { return sum + column.features; });
}

void write_column(const Table& table, const Column& column, const FittedColumn& fitted, float* out,
                  std::int64_t width) {
  const auto write = fitted.kind == "categorical" ? write_words
                     : fitted.kind == "boolean"   ? write_booleans
                     : fitted.kind == "date"      ? write_dates
                                                  : write_numbers;
  write(table, column, fitted, out, width);
}

std::shared_ptr<const Block> make_features(const Preprocessor& by, const Table& table) {
  const std::vector<const Column*> found = find_columns(table, by.columns);
  auto block = std::make_shared<Block>();
  block->shape = by.row_shape();
  for (std::size_t i = 0; i < found.size(); ++i) require_shape(table, *found[i], by.columns[i]);
  if (found.size() == 1 && by.columns[0].kind == "bytes" && found[0]->type == Column::Type::bytes) {
    block->bytes = found[0]->bytes;
    block->offset = by.columns[0].offset;
    block->factor = by.columns[0].factor;
    return block;
  }
  const std::int64_t width = feature_count(by.columns);
  block->floats.resize(static_cast<std::size_t>(Shape{table.rows, width}.elements()));
  float* out = block->floats.data();
  for (std::size_t i = 0; i < found.size(); ++i) {
    write_column(table, *found[i], by.columns[i], out, width);
    out += by.columns[i].features;
  }
  return block;
}

// The class of every row, each of which has one.
std::vector<std::int32_t> known_labels(const Table& table, const Column& column, const FittedTarget& target) {
  std::vector<std::int32_t> labels = labels_of(column, target.classes);
  const auto unknown = std::find(labels.begin(), labels.end(), -2);
  if (unknown == labels.end()) return labels;
  const auto row = unknown - labels.begin();
  const Words cells = cells_as_words(column);
  const std::string& word = cells.words[cells.codes[row]];
  std::vector<std::string> ways = {"classes: " + listed(target.classes, 20)};
  if (const std::string near = closest(word, target.classes); !near.empty())
    ways.push_back("did you mean " + quote(near) + "?");
  throw Error("D17",
              fmt::format("{}: {} is a class of {} that no training row has", table.place(row), quote(word),
                          quote(target.name)),
              ways);
}

// What the net learns in place of the column's numbers; two classes are 0 and 1.
std::vector<double> numbers_to_learn(const Table& table, const Column& column, const FittedTarget& target, Task task) {
  if (task == Task::classification) {
    const std::vector<std::int32_t> labels = known_labels(table, column, target);
    return {labels.begin(), labels.end()};
  }
  std::vector<double> storage, values;
  const std::span<const double> cells = cells_as_numbers(table, column, storage);
  for (std::int64_t row = 0; row < table.rows; ++row) {
    values.push_back(target.for_net(cells[row]));
    if (std::isfinite(values.back())) continue;
    throw Error("D15", fmt::format("{}, column {}: {} has no logarithm, on whose scale the model was trained",
                                   table.place(row), quote(target.name), number_text(cells[row])));
  }
  return values;
}

std::shared_ptr<const Targets> make_targets(const Preprocessor& by, const Table& table) {
  auto targets = std::make_shared<Targets>();
  std::vector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  std::vector<std::vector<double>> columns;
  for (const FittedTarget& target : by.targets) {
    const Column& column = table.columns[find_targets(table, target.name).front()];
    require_targets(table, column, rows);
    if (by.is_classification() && by.targets.size() == 1) {
      targets->classes = static_cast<std::int32_t>(target.classes.size());
      targets->labels = known_labels(table, column, target);
      return targets;
    }
    columns.push_back(numbers_to_learn(table, column, target, by.task));
  }
  targets->multi_label = by.is_multi_label();
  targets->columns = static_cast<std::int64_t>(columns.size());
  if (columns.size() == 1) {
    targets->values = std::move(columns.front());
    return targets;
  }
  targets->values.reserve(rows.size() * columns.size());
  for (const std::int64_t row : rows) {
    for (const std::vector<double>& column : columns) targets->values.push_back(column[static_cast<std::size_t>(row)]);
  }
  return targets;
}

}  // namespace

Dataset Preprocessor::transform(const Table& table, bool with_target) const try {
  const auto is_there = [&](const FittedTarget& target) { return table.find(target.name) >= 0; };
  std::shared_ptr<const Targets> learned;
  if (with_target && std::all_of(targets.begin(), targets.end(), is_there)) learned = make_targets(*this, table);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(table.rows));
  std::iota(indices.begin(), indices.end(), std::int64_t{0});
  return Dataset(make_features(*this, table), std::move(learned), std::move(indices));
} catch (const std::bad_alloc&) {
  throw Error("M02", "no memory for the features of " + table.source);
} catch (const std::length_error&) {
  throw Error("M02", "no memory for the features of " + table.source);
}

std::vector<std::string> Preprocessor::target_names() const {
  std::vector<std::string> names;
  for (const FittedTarget& target : targets) names.push_back(target.name);
  return names;
}

Shape Preprocessor::row_shape() const {
  if (columns.size() == 1 && columns[0].shape.rank() > 0 && !columns[0].indicator) return columns[0].shape;
  return Shape{feature_count(columns)};
}

std::vector<std::string> Preprocessor::feature_names() const {
  std::vector<std::string> names;
  for (const FittedColumn& column : columns) {
    const bool hot = column.kind == "categorical" && !column.embedded;
    for (const std::string& category : column.categories) {
      if (hot) names.push_back(column.name + "=" + category);
    }
    if (hot && column.other > 0) names.push_back(column.name + ": other");
    for (const FittedColumn& part : column.parts) names.push_back(column.name + ": " + part.name);
    if (column.shape.rank() > 0) {
      for (std::int64_t i = 0; i < column.shape.elements(); ++i) names.push_back(fmt::format("{}[{}]", column.name, i));
    } else if (!hot && column.parts.empty()) {
      names.push_back(column.name);
    }
    if (column.indicator) names.push_back(column.name + " is missing");
  }
  return names;
}

}  // namespace pellucid
