// Reading many columns beside each other, some rows at a time, from wherever they lie.
// Not here: what is made of the cells.
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// So many rows of all columns stay in a cache, and so much of a column is read from a file at once.
constexpr std::int64_t rows_of_a_block = 4096;

/// For its lifetime the columns are read in blocks of rows; before and after, each by itself from its first row on.
class RowBlocks {
 public:
  explicit RowBlocks(std::vector<const Column*> columns);
  ~RowBlocks();
  RowBlocks(const RowBlocks&) = delete;
  RowBlocks& operator=(const RowBlocks&) = delete;

  /// The next rows to be read are these: those of columns in files are fetched meanwhile.
  void read_ahead(std::int64_t first, std::int64_t last) const noexcept;

 private:
  std::vector<const Column*> in_files_;
};

/// A column that was read into will be read from its first row on.
void expect_reading_in_order(const Column& column) noexcept;

}  // namespace pellucid
