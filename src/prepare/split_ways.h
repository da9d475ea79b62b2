// The ways in which rows can be split, and which exclude each other; splits that a column names.
// Not here: random splits (split.cc), groups, time and folds (divide.h).
#pragma once

#include <span>
#include <vector>

#include "pellucid/preprocess.h"
#include "prepare/divide.h"

namespace pellucid {

/// Throws U06 for ways that exclude each other and for a target that would divide the rows, U12 for a fold that does
/// not exist.
void check_ways(const Table& table, std::span<const int> targets, const SplitOptions& options);

/// The column whose cells divide the rows; "" if there is none.
const std::string& dividing_column(const SplitOptions& options) noexcept;

/// The rows of each split as the words of a column say: train or training; validation, valid, val or dev; test or
/// testing; in upper or lower case. The parts hold positions in `rows`. Throws D19, with the row, for another word, and
/// where no row is a training row; D14 for a missing cell.
RowParts divide_by_words(const Table& table, int column, const Rows& rows);

/// Whether a column has words for validation rows.
bool names_validation_rows(const Table& table, const std::string& column);

}  // namespace pellucid
