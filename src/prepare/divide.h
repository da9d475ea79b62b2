// Dividing rows by groups that stay together, by time (later rows are test rows), or into folds.
// Not here: stratified splits, and the datasets of a split (split.cc).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

using Rows = LargeVector<std::int64_t>;
using RowParts = std::vector<Rows>;  ///< [0] training, [1] validation, [2] test rows; each ascending

/// Number of rows held back from training.
struct HeldRows {
  std::int64_t validation = 0, test = 0;
};
/// `validation` and `test` are shares of `rows`, each ≥ 0 and together < 1 (else U12). A share above 0 gives at least
/// one row. Throws D19 if no training row is left.
HeldRows held_rows(std::int64_t rows, double validation, double test);

/// Rows of the same group stay in the same split. The groups come in random order, and each goes to the split that is
/// furthest below its quota of the group's classes. So the splits have similar shares of each class, as far as whole
/// groups allow. `labels` empty: classes are ignored. Throws D19 if a split that is wanted gets no group.
RowParts divide_by_group(std::span<const std::int32_t> groups, std::span<const std::int32_t> labels, double validation,
                         double test, std::uint64_t seed);

/// The latest rows are test rows, the rows before them validation rows. Rows of equal time stay together, in the later
/// split. Throws D19 if no training row is left.
RowParts divide_by_time(std::span<const double> times, double validation, double test);

/// The fold of each row, 0 … folds − 1; -1: the row is the only one of its class and always trains. The rows of each
/// class are spread evenly over the folds; `labels` empty: all rows are. With `groups`, each group is assigned whole,
/// the largest first, to the fold furthest below its quota of the group's classes. Throws U12 for fewer than two folds,
/// D19 if there are fewer rows (or groups) than folds.
LargeVector<std::int32_t> folds_of(std::int64_t rows, std::span<const std::int32_t> labels,
                                   std::span<const std::int32_t> groups, std::int64_t folds, std::uint64_t seed);

/// Throws D20 for a column of blocks, D14 where a cell of these rows is missing.
void require_single_present(const Table& table, const Column& column, const Rows& rows);
/// The group of each of these rows: equal numbers for equal cells. Throws D14 for a missing cell, D20 for a column of
/// blocks.
LargeVector<std::int32_t> group_cells(const Table& table, int column, const Rows& rows);
/// The time of each of these rows: numbers unchanged, dates as days since 1970, read as find_kind reads them for
/// `asked`. Throws D12, with the row, for a cell that is neither, D14 for a missing cell, D20 for a column of blocks.
LargeVector<double> time_cells(const Table& table, int column, const Rows& rows, std::optional<AskedKind> asked = {});

}  // namespace pellucid
