// examples.json: the test rows that a run's page shows: what they are, what was said of them, their cells or pictures.
// Not here: all rows (predictions.csv), the page (web/).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/settings.h"
#include "pellucid/model.h"
#include "pellucid/table.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// Positions among the test rows, ascending. Classification: of each cell of the confusion matrix (of each target's) in
/// turn its next row, most certain first where it is wrong and least certain first where it is right. Regression: the
/// largest errors (Evaluation::row_errors), then rows at equal distances.
std::vector<std::int64_t> choose_examples(const Evaluation& evaluation, std::int64_t most);

/// The cells of these rows alone, in this order.
Table take_rows(const Table& table, std::span<const std::int64_t> rows);

/// What examples_json needs of a table, which may be large: of these rows the columns that are shown. Bytes that the
/// data set keeps are left to it.
Table shown_rows(const Table& table, std::span<const std::int64_t> rows, const Preprocessor& preprocessor);

/// Whether shown_rows() has no cells for that reason.
bool are_left_to_data_set(const Table& shown);

/// The rows at these positions of shown_rows(), or of what `data` was made of where their cells were left to it.
Table shown_rows_at(const Table& shown, const Dataset& data, std::span<const std::int64_t> positions);

/// `test_rows` are the shown_rows() of `test`. rows: [{row, truth, prediction, p, p_truth, cells}] (classes
/// as their index, row as in predictions.csv; of several targets truth, prediction, p and p_truth are lists), columns
/// (the names of cells), test_rows (of how many these are), sprite and weights (pictures.h).
Json examples_json(const Evaluation& evaluation, const Dataset& test, const Table& test_rows, const Model& model);

/// The columns of single cells that the net reads, at most a dozen; a row's cells of them.
std::vector<int> shown_columns(const Table& table, const Preprocessor& preprocessor);
Json cells_json(const Table& rows, const std::vector<int>& columns, std::int64_t row);

}  // namespace pellucid
