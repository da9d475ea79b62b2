// examples.json: the test rows that a run's page shows, with true value, prediction, and cells or pictures.
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

/// Chooses at most `most` test rows and returns their positions, ascending. Classification: one row from each cell of
/// the confusion matrix (of each target) in turn; within a cell of wrong predictions the most confident first, within a
/// cell of right ones the least confident first. Regression: the rows with the largest errors (Evaluation::row_errors),
/// then evenly spaced ones.
std::vector<std::int64_t> choose_examples(const Evaluation& evaluation, std::int64_t most);

/// A table with these rows, in this order.
Table take_rows(const Table& table, std::span<const std::int64_t> rows);

/// The part of a table that examples_json needs: the shown columns of these rows. Bytes are not copied if the dataset
/// stores them anyway.
Table shown_rows(const Table& table, std::span<const std::int64_t> rows, const Preprocessor& preprocessor);

/// Whether shown_rows() copied nothing because the dataset stores the bytes.
bool are_left_to_data_set(const Table& shown);

/// The rows at these positions of shown_rows(), or of `data` if its bytes were not copied.
Table shown_rows_at(const Table& shown, const Dataset& data, std::span<const std::int64_t> positions);

/// The contents of examples.json. `test_rows` must be shown_rows() of the test rows. Members: rows ([{row, truth,
/// prediction, p, p_truth, cells}], where classes are written as their index and row is numbered as in predictions.csv;
/// with several targets truth, prediction, p and p_truth are lists), columns (the names of cells), test_rows (number of
/// test rows), sprite and weights (pictures.h).
Json examples_json(const Evaluation& evaluation, const Dataset& test, const Table& test_rows,
                   const Preprocessor& preprocessor, const Model& model);

/// shown_columns(): at most twelve columns that the model uses and whose cells are single values. cells_json(): the
/// cells of one row in these columns.
std::vector<int> shown_columns(const Table& table, const Preprocessor& preprocessor);
Json cells_json(const Table& rows, const std::vector<int>& columns, std::int64_t row);

}  // namespace pellucid
