// Dividing rows other than by class: groups that stay together, the later rows for the test, folds.
// Not here: stratified parts, and what becomes of the parts (split.cc).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

using Rows = LargeVector<std::int64_t>;
using RowParts = std::vector<Rows>;  ///< [0] train, [1] validation, [2] test; ascending

/// How many rows are held back.
struct HeldRows {
  std::int64_t validation = 0, test = 0;
};
/// Of so many rows; a part that is wanted has at least one. Throws U12, D19.
HeldRows held_rows(std::int64_t rows, double validation, double test);

/// Rows of equal `groups` go to one part. Groups come in the order of the seed, each to the part that lacks most of
/// what it brings: its rows of each class, as a share of the class (`labels` empty: all rows are of one). So classes
/// are shared out as far as whole groups allow. Throws D19 where a part that is wanted gets none.
RowParts divide_by_group(std::span<const std::int32_t> groups, std::span<const std::int32_t> labels, double validation,
                         double test, std::uint64_t seed);

/// The latest rows are test rows, those before validation rows; rows of the same time stay together, in the later part.
/// Throws D19 where no earlier rows are left.
RowParts divide_by_time(std::span<const double> times, double validation, double test);

/// Fold of each row, 0 … folds − 1; -1: always a training row (the only one of its class). Each class is dealt out
/// evenly; `labels` empty: all rows are. With `groups`, groups are dealt out whole, the largest first, each to the
/// fold that lacks most of what it brings. Throws U12 for fewer than two folds, D19 where there are fewer rows (groups)
/// than folds.
LargeVector<std::int32_t> folds_of(std::int64_t rows, std::span<const std::int32_t> labels,
                                   std::span<const std::int32_t> groups, std::int64_t folds, std::uint64_t seed);

/// The group of each of these rows: equal numbers for equal cells. Throws D14 for a missing cell, D20 for blocks.
LargeVector<std::int32_t> group_cells(const Table& table, int column, const Rows& rows);
/// Numbers as they are, dates as days since 1970, read as find_kind says of `asked`. Throws D12 for cells that are
/// neither, with their row, D14, D20.
LargeVector<double> time_cells(const Table& table, int column, const Rows& rows, std::optional<AskedKind> asked = {});

}  // namespace pellucid
