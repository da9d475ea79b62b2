// Preprocessor::transform: rows of any table as features and targets, with the preprocessing fitted on the training
// rows.
// Not here: fitting (fit.cc), JSON (preprocess_json.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>

#include "core/large_data.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/preprocess.h"
#include "prepare/features.h"
#include "prepare/fit.h"
#include "prepare/target.h"
#include "prepare/transform.h"
#include "tables/cells.h"
#include "tables/column_index.h"
#include "tables/row_blocks.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::size_t most_compared = 10;  // missing columns for which the error suggests a similar name

std::vector<const Column*> find_columns(const Table& table, const std::vector<FittedColumn>& columns) {
  std::vector<const Column*> found;
  std::vector<std::string> lacking;
  const ColumnIndex index(table);
  for (const FittedColumn& fitted : columns) {
    const int at = index.find(fitted.name);
    found.push_back(at < 0 ? nullptr : &table.columns[at]);
    if (at < 0) lacking.push_back(fitted.name);
  }
  if (lacking.empty()) return found;
  std::vector<std::string> present;
  for (const Column& column : table.columns) present.push_back(column.name);
  for (std::size_t i = 0; i < std::min(lacking.size(), most_compared); ++i) {
    const std::string near = closest(lacking[i], present);
    if (!near.empty()) lacking[i] += " (it has " + quote(near) + ")";
  }
  throw Error("D20",
              fmt::format("the model needs {}; {} lacks {}",
                          plural(static_cast<std::int64_t>(columns.size()), "column"), table.source, lacking.front()),
              lacking.size() == 1
                  ? std::vector<std::string>{}
                  : std::vector<std::string>{"it also lacks " + listed({lacking.begin() + 1, lacking.end()})});
}

void require_shape(const Table& table, const Column& column, const FittedColumn& fitted) {
  if (column.cell() == fitted.shape.elements()) return;
  throw Error("D20", fmt::format("column {} of {} has {} numbers per row, the model needs {}", quote(column.name),
                                 table.source, column.shape.text(), fitted.shape.text()));
}

std::int64_t feature_count(const std::vector<FittedColumn>& columns) {
  return std::accumulate(columns.begin(), columns.end(), std::int64_t{0},
                         [](std::int64_t sum, const FittedColumn& column) { return sum + column.features; });
}

// Frees the memory of a column that is not needed any more.
void let_go(Column& column) {
  column.numbers = LargeVector<double>();
  column.codes = LargeVector<std::int32_t>();
  column.bytes = LargeVector<std::uint8_t>();
}

// Gives back the memory of the rows from … row - 1, which are already converted.
void let_go(Column& column, std::int64_t from, std::int64_t row) {
  const auto cell = static_cast<std::size_t>(column.cell());
  const std::size_t first = static_cast<std::size_t>(from) * cell, last = static_cast<std::size_t>(row) * cell;
  if (!column.numbers.empty()) give_back(column.numbers, first, last);
  if (!column.codes.empty()) give_back(column.codes, first, last);
  if (!column.bytes.empty()) give_back(column.bytes, first, last);
}

constexpr std::int64_t rows_let_go_at_once = 8 * rows_of_a_block;

// Makes the features of all columns, as numbers and codes, row after row.
class FeatureMaker {
 public:
  FeatureMaker(const Preprocessor& by, const Table& table, const std::vector<const Column*>& found, ColumnWords& words)
      : found_(found) {
    const std::vector<FittedColumn>& fitted = by.columns;
    std::int64_t feature = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      columns_.push_back({feature_writer(table, *found[i], fitted[i], by.missing_words, words[i]), numbers_, codes()});
      const FeaturePlaces places = places_of(fitted[i]);
      for (const OneHot& hot : places.one_hot) one_hot_.push_back({feature + hot.first, hot.count});
      numbers_ += places.numbers;
      feature += fitted[i].features;
    }
  }

  // `taken`: columns whose memory is given back as rows are done; may be empty.
  void make(Block& block, std::int64_t rows, const std::vector<Column*>& taken) const {
    block.one_hot = one_hot_;
    // Reserved first, because they are read most often.
    block.codes.reserve(static_cast<std::size_t>(Shape{rows, codes()}.elements()));
    block.floats.reserve(static_cast<std::size_t>(Shape{rows, numbers_}.elements()));
    const RowBlocks blocks(found_);
    std::int64_t let_go_before = 0;
    for (std::int64_t first = 0; first < rows; first += rows_of_a_block) {
      const std::int64_t last = std::min(rows, first + rows_of_a_block);
      blocks.read_ahead(last, last + rows_of_a_block);
      block.codes.resize(static_cast<std::size_t>(last * codes()));
      block.floats.resize(static_cast<std::size_t>(last * numbers_));
      for (const Place& column : columns_) {
        column.writer->write(first, last,
                             {block.floats.data() + first * numbers_ + column.number, numbers_,
                              block.codes.data() + first * codes() + column.code, codes()});
      }
      if (last - let_go_before < rows_let_go_at_once) continue;
      for (Column* const column : taken) let_go(*column, let_go_before, last);
      let_go_before = last;
    }
  }

 private:
  struct Place {
    std::unique_ptr<FeatureWriter> writer;
    std::int64_t number, code;  // positions of the column's first number and first code within a row
  };
  std::int64_t codes() const { return static_cast<std::int64_t>(one_hot_.size()); }

  std::vector<const Column*> found_;
  std::vector<Place> columns_;
  std::vector<OneHot> one_hot_;
  std::int64_t numbers_ = 0;
};

// `taken`: the same table, if its memory may be freed on the way; else null.
std::shared_ptr<const Block> make_features(const Preprocessor& by, const Table& table, Table* taken,
                                           ColumnWords& words) {
  const std::vector<const Column*> found = find_columns(table, by.columns);
  auto block = std::make_shared<Block>();
  block->shape = by.row_shape();
  for (std::size_t i = 0; i < found.size(); ++i) require_shape(table, *found[i], by.columns[i]);
  std::vector<Column*> used;
  if (taken != nullptr) {
    std::vector<const Column*> sorted = found;
    std::sort(sorted.begin(), sorted.end());
    for (Column& column : taken->columns) {
      const bool needed = std::binary_search(sorted.begin(), sorted.end(), &column);
      if (needed) used.push_back(&column);
      if (!needed) let_go(column);
    }
  }
  if (found.size() == 1 && by.columns[0].is(ColumnKind::bytes) && found[0]->type == Column::Type::bytes) {
    block->offset = by.columns[0].scale()->offset;
    block->factor = by.columns[0].scale()->factor;
    block->bytes = used.empty() ? found[0]->bytes : std::move(used[0]->bytes);
    return block;
  }
  FeatureMaker(by, table, found, words).make(*block, table.rows, used);
  for (Column* const column : used) let_go(*column);
  return block;
}

// The class of every row; 0 for rows that are not used and have no known class.
LargeVector<std::int32_t> known_labels(const Table& table, const Column& column, const FittedTarget& target,
                                       std::span<const std::int64_t> used) {
  LargeVector<std::int32_t> labels = labels_of(column, target.classes);
  const auto is_unknown = [&](std::int64_t row) { return labels[static_cast<std::size_t>(row)] == -2; };
  const std::int64_t count = std::count_if(used.begin(), used.end(), is_unknown);
  if (count == 0) {
    for (std::int32_t& label : labels) label = std::max(label, 0);
    return labels;
  }
  const std::int64_t row = *std::find_if(used.begin(), used.end(), is_unknown);
  WordCells cells(column);
  const std::string word(cells.word(cells.code(row)));
  std::vector<std::string> ways = {"classes: " + listed(target.classes, 20)};
  if (count > 1) ways.push_back(plural(count, "row") + " have such a class");
  if (const std::string near = closest(word, target.classes); !near.empty())
    ways.push_back("did you mean " + quote(near) + "?");
  throw Error("D17",
              fmt::format("{}: {} is a class of {} that no training row has", table.place(row), quote(word),
                          quote(target.name)),
              ways);
}

// The target as numbers for the model: scaled values, or 0 and 1 for two classes.
LargeVector<double> numbers_to_learn(const Table& table, const Column& column, const FittedTarget& target, Task task,
                                     std::span<const std::int64_t> used) {
  if (task == Task::classification) {
    const LargeVector<std::int32_t> labels = known_labels(table, column, target, used);
    return {labels.begin(), labels.end()};
  }
  LargeVector<double> values(static_cast<std::size_t>(table.rows));
  const NumberCells cells(table, column);
  for (const std::int64_t row : used) {
    double& value = values[static_cast<std::size_t>(row)];
    value = target.for_net(cells[row]);
    if (std::isfinite(value)) continue;
    throw Error("D15", fmt::format("{}, column {}: {} has no logarithm, and the model was trained on a log scale",
                                   table.place(row), quote(target.name), number_text(cells[row])));
  }
  return values;
}

std::shared_ptr<const Targets> make_targets(const Preprocessor& by, const Table& table,
                                            std::span<const std::int64_t> used) {
  auto targets = std::make_shared<Targets>();
  std::vector<LargeVector<double>> columns;
  for (const FittedTarget& target : by.targets) {
    const Column& column = table.columns[find_targets(table, target.name).front()];
    require_targets(table, column, used);
    if (by.is_classification() && by.targets.size() == 1) {
      targets->classes = static_cast<std::int32_t>(target.classes.size());
      targets->labels = known_labels(table, column, target, used);
      return targets;
    }
    columns.push_back(numbers_to_learn(table, column, target, by.task, used));
  }
  targets->multi_label = by.is_multi_label();
  targets->columns = static_cast<std::int64_t>(columns.size());
  if (columns.size() == 1) {
    targets->values = std::move(columns.front());
    return targets;
  }
  const auto rows = static_cast<std::size_t>(table.rows);
  targets->values.reserve(rows * columns.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (const LargeVector<double>& column : columns) targets->values.push_back(column[row]);
  }
  return targets;
}

Dataset dataset_of(const Preprocessor& by, const Table& table, Table* taken, bool with_target,
                   std::span<const std::int64_t> used, ColumnWords& words) try {
  if (by.columns.empty() || by.targets.empty()) {
    throw Error("U21", "this preprocessor knows no columns: it was never fitted, or was moved from");
  }
  check_parts(table, {}, {used});
  const auto is_there = [&](const FittedTarget& target) { return table.find(target.name) >= 0; };
  std::shared_ptr<const Targets> learned;
  if (with_target && std::all_of(by.targets.begin(), by.targets.end(), is_there)) {
    learned = make_targets(by, table, used);
  }
  return Dataset(make_features(by, table, taken, words), std::move(learned));
} catch (const std::bad_alloc&) {
  throw Error("M02", "no memory for the features of " + table.source);
} catch (const std::length_error&) {
  throw Error("M02", "no memory for the features of " + table.source);
}

LargeVector<std::int64_t> all_rows(const Table& table) {
  table.check();  // checks that the number of rows is not negative
  LargeVector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

}  // namespace

Dataset Preprocessor::transform(const Table& table, bool with_target) const {
  ColumnWords words = words_of(columns);
  return dataset_of(*this, table, nullptr, with_target, all_rows(table), words);
}

Dataset Preprocessor::transform(Table&& table, bool with_target) const {
  ColumnWords words = words_of(columns);
  return dataset_of(*this, table, &table, with_target, all_rows(table), words);
}

Dataset transform_rows(const Preprocessor& by, const Table& table, Table* taken, std::span<const std::int64_t> used) {
  ColumnWords words = words_of(by.columns);
  return dataset_of(by, table, taken, true, used, words);
}

Dataset features_of(const Preprocessor& by, const Table& table, ColumnWords& words) {
  return dataset_of(by, table, nullptr, false, {}, words);
}

int index_of(const std::vector<FittedColumn>& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &FittedColumn::name);
  if (found != columns.end()) return static_cast<int>(found - columns.begin());
  std::vector<std::string> names;
  for (const FittedColumn& column : columns) names.push_back(column.name);
  const std::string near = closest(name, names);
  throw Error("D11", "the model uses no column " + quote(std::string(name)),
              {near.empty() ? "columns: " + listed(names, 20) : "did you mean " + quote(near) + "?"});
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
    if (column.is_one_hot()) {
      for (const std::string& category : column.categorical()->categories)
        names.push_back(column.name + "=" + category);
      if (column.categorical()->other > 0) names.push_back(column.name + ": other");
    } else if (const DateColumn* const date = column.date()) {
      for (const auto& part : date->parts) names.push_back(column.name + ": " + std::string(text_of(part.part)));
    } else if (column.shape.rank() > 0) {
      for (std::int64_t i = 0; i < column.shape.elements(); ++i) names.push_back(fmt::format("{}[{}]", column.name, i));
    } else {
      names.push_back(column.name);
    }
    if (column.indicator) names.push_back(column.name + " is missing");
  }
  return names;
}

}  // namespace pellucid
