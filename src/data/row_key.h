// A number that equal cells and equal rows share. Not here: what is made of repeated rows (findings.cc).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// Equal for equal cells of one column; a missing cell equals a missing cell, 0 equals -0.
std::uint64_t cell_key(const Column& column, std::int64_t row) noexcept;
/// Of the cells of these columns.
std::uint64_t row_key(const Table& table, const std::vector<std::size_t>& columns, std::int64_t row) noexcept;

bool is_missing_cell(const Column& column, std::int64_t row) noexcept;

}  // namespace pellucid
