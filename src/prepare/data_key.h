// Keys (64-bit hashes) of columns and datasets: equal for equal bits in equal order, almost certainly different
// otherwise.
// Not here: keys of cells and rows (row_key.h).
#pragma once

#include <cstdint>
#include <string>

#include "pellucid/dataset.h"
#include "pellucid/table.h"

namespace pellucid {

/// Keys of a column's cells, missing cells included, without its name: `ordered` depends on the order of the rows,
/// `unordered` does not.
struct ColumnKey {
  std::uint64_t ordered = 0, unordered = 0;
};
ColumnKey column_key(const Column& column, std::int64_t rows);

/// Key of the features, targets and weights of all rows in their order, as 16 hexadecimal digits.
std::string data_key(const Dataset& data);
std::string key_text(std::uint64_t key);

}  // namespace pellucid
