// Hints to the system for reading many columns in parallel, a block of rows at a time, if they are in files.
// Not here: the system calls (core/large_data.h).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// Rows per block: few enough that a block of all columns stays in a cache, and enough to read from a file at once.
constexpr std::int64_t rows_of_a_block = 4096;

/// While this object lives, columns in files are expected to be read in blocks of rows, so the system does not read
/// ahead by itself. Afterwards each column is again expected to be read from its first row to its last.
class RowBlocks {
 public:
  explicit RowBlocks(std::vector<const Column*> columns);
  ~RowBlocks();
  RowBlocks(const RowBlocks&) = delete;
  RowBlocks& operator=(const RowBlocks&) = delete;

  /// Asks the system to read the rows [first, last) of the columns in files soon; returns at once.
  void read_ahead(std::int64_t first, std::int64_t last) const noexcept;

 private:
  std::vector<const Column*> in_files_;
};

/// After filling a column: tells the system that it will be read from its first row to its last.
void expect_reading_in_order(const Column& column) noexcept;

}  // namespace pellucid
