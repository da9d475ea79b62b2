// examples.json: the test rows that the page of a run shows, with truth, prediction, and cells or pictures.
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

/// Positions among the test rows, ascending. Classification: one row from each cell of the confusion matrix (of each
/// target) in turn; the most confident ones first where the prediction is wrong, the least confident first where it is
/// right. Regression: the largest errors (Evaluation::row_errors), then evenly spaced rows.
std::vector<std::int64_t> choose_examples(const Evaluation& evaluation, std::int64_t most);

/// A table of these rows, in this order.
Table take_rows(const Table& table, std::span<const std::int64_t> rows);

/// The part of a large table that examples_json needs: the shown columns of these rows. Bytes that the dataset keeps
/// anyway are not copied.
Table shown_rows(const Table& table, std::span<const std::int64_t> rows, const Preprocessor& preprocessor);

/// Whether shown_rows() copied nothing for that reason.
bool are_left_to_data_set(const Table& shown);

/// The rows at these positions: of shown_rows(), or of `data` where its bytes were not copied.
Table shown_rows_at(const Table& shown, const Dataset& data, std::span<const std::int64_t> positions);

/// `test_rows` are the shown_rows() of `test`. rows: [{row, truth, prediction, p, p_truth, cells}] (classes
/// as their index, row as in predictions.csv; of several targets truth, prediction, p and p_truth are lists), columns
/// (the names of cells), test_rows (of how many these are), sprite and weights (pictures.h).
Json examples_json(const Evaluation& evaluation, const Dataset& test, const Table& test_rows, const Model& model);

/// At most twelve columns of single cells that the model reads; the cells of one row in them.
std::vector<int> shown_columns(const Table& table, const Preprocessor& preprocessor);
Json cells_json(const Table& rows, const std::vector<int>& columns, std::int64_t row);

}  // namespace pellucid
