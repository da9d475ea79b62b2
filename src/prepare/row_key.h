// Keys: 64-bit hashes that are equal for equal cells or rows. Not here: findings about repeated rows (findings.cc).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pellucid/dataset.h"
#include "pellucid/table.h"

namespace pellucid {

/// Adds a value to the key. The order of the values matters.
inline std::uint64_t mixed_key(std::uint64_t key, std::uint64_t value) noexcept {
  key = (key ^ value) * 0x9E3779B97F4A7C15u;
  return key ^ (key >> 29);
}
std::uint64_t bytes_key(const std::uint8_t* bytes, std::int64_t count) noexcept;

/// Equal for equal cells of one column. All missing cells are equal, and 0 equals -0.
std::uint64_t cell_key(const Column& column, std::int64_t row) noexcept;
/// Calls use(row, key) for each of these rows, in their order. The key covers the row's cells in these columns.
void for_each_row_key(const Table& table, const std::vector<std::size_t>& columns, std::span<const std::int64_t> rows,
                      const std::function<void(std::int64_t, std::uint64_t)>& use);

/// A key per row of a data set, equal for rows whose features and targets are stored as the same bytes.
LargeVector<std::uint64_t> row_keys(const Dataset& data);

bool is_missing_cell(const Column& column, std::int64_t row) noexcept;

}  // namespace pellucid
