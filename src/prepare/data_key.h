// Keys of whole columns and datasets: equal for equal bits in equal order, and next to certainly different otherwise.
// Not here: keys of cells and rows (row_key.h).
#pragma once

#include <cstdint>
#include <string>

#include "pellucid/dataset.h"
#include "pellucid/table.h"

namespace pellucid {

/// Of a column's cells: `ordered` with their order, `unordered` without. The name is no part of it; a missing cell is.
struct ColumnKey {
  std::uint64_t ordered = 0, unordered = 0;
};
ColumnKey column_key(const Column& column, std::int64_t rows);

/// Of features, targets and weights of all rows in their order: 16 digits.
std::string data_key(const Dataset& data);
std::string key_text(std::uint64_t key);

}  // namespace pellucid
