// Chooses the rows that the page shows and writes their cells. Not here: pictures (pictures.cc).
#include "run/page/examples.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "core/text.h"
#include "run/page/pictures.h"

namespace pellucid {
namespace {

constexpr std::int64_t most_classified = 400, most_values = 2000, most_certain_errors = 100;
constexpr std::size_t most_columns = 12;

struct Answer {
  std::int32_t truth, said;
  double p, p_truth;
};

Answer answer(const TargetEvaluation& target, std::int64_t row) {
  const std::span<const double> p = target.probabilities_of(row);
  const std::int32_t said = target.predicted_class(row), truth = target.truth_labels[static_cast<std::size_t>(row)];
  return {truth, said, p[static_cast<std::size_t>(said)], p[static_cast<std::size_t>(truth)]};
}

// A cell of a target's confusion matrix.
struct Cell {
  std::size_t target;
  std::int32_t truth, said;
  auto operator<=>(const Cell&) const = default;
};

// For each cell of the confusion matrices: its rows, in the order in which they are shown.
std::map<Cell, std::vector<std::int64_t>> rows_by_cell(const Evaluation& evaluation) {
  std::map<Cell, std::vector<std::int64_t>> cells;
  for (std::size_t t = 0; t < evaluation.targets.size(); ++t) {
    for (std::int64_t r = 0; r < evaluation.rows(); ++r) {
      const Answer a = answer(evaluation.targets[t], r);
      cells[{t, a.truth, a.said}].push_back(r);
    }
  }
  for (auto& [cell, members] : cells) {
    const double sign = cell.truth == cell.said ? 1 : -1;
    const TargetEvaluation& target = evaluation.targets[cell.target];
    std::stable_sort(members.begin(), members.end(), [&](std::int64_t a, std::int64_t b) {
      return sign * answer(target, a).p < sign * answer(target, b).p;
    });
  }
  return cells;
}

std::vector<std::int64_t> by_cell(const Evaluation& evaluation, std::int64_t most) {
  const std::int64_t rows = evaluation.rows();
  const auto cells = rows_by_cell(evaluation);
  std::vector<bool> taken(static_cast<std::size_t>(rows));  // with several targets, a row is in one cell per target
  std::vector<std::int64_t> chosen;
  for (std::int64_t turn = 0; turn < rows && static_cast<std::int64_t>(chosen.size()) < most; ++turn) {
    for (const auto& [cell, members] : cells) {
      if (turn >= std::ssize(members)) continue;
      const std::int64_t row = members[static_cast<std::size_t>(turn)];
      if (!taken[static_cast<std::size_t>(row)]) chosen.push_back(row);
      taken[static_cast<std::size_t>(row)] = true;
    }
  }
  chosen.resize(static_cast<std::size_t>(std::min(std::ssize(chosen), most)));
  return chosen;
}

// The size of the error of each row.
std::vector<double> sizes_of_errors(const Evaluation& evaluation) {
  if (evaluation.targets.size() > 1) return evaluation.row_errors();
  const TargetEvaluation& target = evaluation.targets.front();
  std::vector<double> sizes;
  for (std::size_t r = 0; r < target.truth_values.size(); ++r) {
    sizes.push_back(std::abs(target.predicted_values[r] - target.truth_values[r]));
  }
  return sizes;
}

std::vector<std::int64_t> by_error(const Evaluation& evaluation, std::int64_t most) {
  const std::int64_t rows = evaluation.rows();
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), 0);
  if (rows <= most) return order;
  const std::vector<double> sizes = sizes_of_errors(evaluation);
  const auto error = [&](std::int64_t r) { return sizes[static_cast<std::size_t>(r)]; };
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return error(a) > error(b); });
  const std::int64_t largest = std::min(most, most_certain_errors), others = most - largest;
  std::sort(order.begin() + largest, order.end());
  std::vector<std::int64_t> chosen(order.begin(), order.begin() + largest);
  for (std::int64_t k = 0; k < others; ++k) {
    chosen.push_back(order[static_cast<std::size_t>(largest + k * (rows - largest) / others)]);
  }
  return chosen;
}

Json cell_json(const Column& column, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  if (column.type == Column::Type::bytes) return column.bytes[at];
  if (column.type == Column::Type::number) return column.numbers[at];
  const std::int32_t code = column.codes[at];
  if (code < 0) return {};
  const std::string quoted = quote(column.words[static_cast<std::size_t>(code)]);
  return quoted.substr(1, quoted.size() - 2);
}

Json said_json(const TargetEvaluation& target, std::int64_t position) {
  if (!target.classes) {
    const auto at = static_cast<std::size_t>(position);
    return {{"truth", target.truth_values[at]}, {"prediction", target.predicted_values[at]}};
  }
  const Answer a = answer(target, position);
  return {{"truth", a.truth}, {"prediction", a.said}, {"p", a.p}, {"p_truth", a.p_truth}};
}

// With several targets, each member is a list with one entry per target.
Json row_json(const Evaluation& evaluation, std::int64_t position, std::int64_t row) {
  Json entry = {{"row", row + 1}};
  if (evaluation.targets.size() == 1) {
    entry.update(said_json(evaluation.targets.front(), position));
    return entry;
  }
  for (const TargetEvaluation& target : evaluation.targets) {
    const Json said = said_json(target, position);
    for (const auto& [name, value] : said.items()) entry[name].push_back(value);
  }
  return entry;
}

// A column with the same name, type, shape and words, but without cells.
Column like(const Column& column) {
  Column empty;
  empty.name = column.name;
  empty.type = column.type;
  empty.shape = column.shape;
  return empty;
}

Column take_cells(const Column& column, std::span<const std::int64_t> rows) {
  Column to = like(column);
  to.words = column.words;
  const std::int64_t cell = column.cell();
  const auto take = [&](const auto& cells, auto& some) {
    if (cells.empty()) return;
    some.reserve(rows.size() * static_cast<std::size_t>(cell));
    for (const std::int64_t row : rows) some.insert(some.end(), &cells[row * cell], &cells[row * cell] + cell);
  };
  take(column.numbers, to.numbers);
  take(column.codes, to.codes);
  take(column.bytes, to.bytes);
  return to;
}

std::vector<int> learned_columns(const Table& table, const Preprocessor& preprocessor) {
  std::vector<int> columns;
  for (const FittedColumn& column : preprocessor.columns) columns.push_back(table.require(column.name));
  return columns;
}

std::vector<std::int64_t> counted(std::size_t count) {
  std::vector<std::int64_t> all(count);
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return all;
}

}  // namespace

std::vector<std::int64_t> choose_examples(const Evaluation& evaluation, std::int64_t most) {
  std::vector<std::int64_t> chosen =
      evaluation.is_classification() ? by_cell(evaluation, most) : by_error(evaluation, most);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::vector<int> shown_columns(const Table& table, const Preprocessor& preprocessor) {
  std::vector<int> columns;
  for (const FittedColumn& column : preprocessor.columns) {
    if (columns.size() == most_columns) break;
    const int index = table.find(column.name);
    if (index >= 0 && column.shape.rank() == 0) columns.push_back(index);
  }
  return columns;
}

Json cells_json(const Table& rows, const std::vector<int>& columns, std::int64_t row) {
  Json cells = Json::array();
  for (const int column : columns) cells.push_back(cell_json(rows.columns[static_cast<std::size_t>(column)], row));
  return cells;
}

Table take_rows(const Table& table, std::span<const std::int64_t> rows) {
  Table taken;
  taken.source = table.source;
  taken.rows = static_cast<std::int64_t>(rows.size());
  for (const Column& column : table.columns) taken.columns.push_back(take_cells(column, rows));
  return taken;
}

Table shown_rows(const Table& table, std::span<const std::int64_t> rows, const Preprocessor& preprocessor) {
  Table shown;
  shown.source = table.source;
  shown.rows = static_cast<std::int64_t>(rows.size());
  const bool pictures = RowPictures::find(table, preprocessor).has_value();
  const std::vector<int> columns = pictures ? learned_columns(table, preprocessor) : shown_columns(table, preprocessor);
  const bool kept = preprocessor.columns.size() == 1 && preprocessor.columns.front().is(ColumnKind::bytes);
  for (const int at : columns) {
    const Column& column = table.columns[static_cast<std::size_t>(at)];
    shown.columns.push_back(kept && column.type == Column::Type::bytes ? like(column) : take_cells(column, rows));
  }
  return shown;
}

bool are_left_to_data_set(const Table& shown) {
  return shown.columns.size() == 1 && shown.columns.front().type == Column::Type::bytes &&
         shown.columns.front().bytes.empty();
}

Table shown_rows_at(const Table& shown, const Dataset& data, std::span<const std::int64_t> positions) {
  if (!are_left_to_data_set(shown)) return take_rows(shown, positions);
  const Block& block = data.features();
  Table table;
  table.rows = static_cast<std::int64_t>(positions.size());
  const Column& column = shown.columns.front();
  const std::int64_t cell = column.cell();
  if (cell != block.shape.elements() || block.bytes.empty()) return table;
  Column& to = table.columns.emplace_back(like(column));
  for (const std::int64_t position : positions) {
    const auto from = block.bytes.begin() + data.indices()[static_cast<std::size_t>(position)] * cell;
    to.bytes.insert(to.bytes.end(), from, from + cell);
  }
  return table;
}

Json examples_json(const Evaluation& evaluation, const Dataset& test, const Table& test_rows,
                   const Preprocessor& preprocessor, const Model& model) {
  const std::optional<RowPictures> pictures = RowPictures::find(test_rows, preprocessor);
  const std::vector<int> columns = pictures ? std::vector<int>() : shown_columns(test_rows, preprocessor);
  const std::int64_t most = evaluation.is_classification() ? most_classified : most_values;
  Json rows = Json::array(), names = Json::array();
  for (const int column : columns) names.push_back(test_rows.columns[static_cast<std::size_t>(column)].name);
  const auto chosen = choose_examples(evaluation, pictures ? std::min(most, pictures->most()) : most);
  for (const std::int64_t position : chosen) {
    Json entry = row_json(evaluation, position, test.indices()[static_cast<std::size_t>(position)]);
    if (!columns.empty()) entry["cells"] = cells_json(test_rows, columns, position);
    rows.push_back(std::move(entry));
  }
  Json json = {{"v", 1}, {"test_rows", test.rows()}, {"columns", names}, {"rows", rows}};
  if (pictures) {
    const Table tiles = shown_rows_at(test_rows, test, chosen);
    json["sprite"] = RowPictures::find(tiles, preprocessor)->sprite(counted(chosen.size()));
    json["weights"] = first_weights(model, *pictures);
  }
  return json;
}

}  // namespace pellucid
