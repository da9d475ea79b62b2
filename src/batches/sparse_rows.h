// The rows of a data set with the zeros left out, only where it pays: found once, when training begins, or where the
// data are kept as codes, each time anew. Not here: batches of them (sparse_block.h), the products that read these
// (src/kernels/sparse.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "batches/stored_row.h"
#include "core/memory.h"
#include "kernels/kernels.h"
#include "pellucid/dataset.h"

namespace pellucid {

template <class T>
struct SparseRow {
  std::int64_t count;
  const std::uint16_t* column;  ///< ascending
  const T* value;
};

/// Where a row's entries are written that are not kept.
template <class T>
struct SparseRoom {
  std::uint16_t* column;
  T* value;
};

template <class T>
class SparseRows {
 public:
  /// Nothing where more than such a share of the numbers is not zero, rows are too narrow or too wide to gain, or the
  /// entries would not fit into memory.
  static std::optional<SparseRows> if_rare(const Dataset& data, double most_kept);

  std::int64_t rows() const noexcept { return data_.rows(); }
  std::int64_t columns() const noexcept { return columns_; }
  std::int64_t most_entries() const noexcept { return most_; }  ///< of one row
  bool kept() const noexcept { return !begin_.empty(); }        ///< else entries are made of the stored rows
  /// Room for most_entries() is needed where they are not kept.
  SparseRow<T> row(std::int64_t position, SparseRoom<T> room) const noexcept {
    if (!kept())
      return {write_entries(*block_, stored(position), columns_, room.column, room.value), room.column, room.value};
    const std::int64_t begin = begin_[static_cast<std::size_t>(position)];
    return {begin_[static_cast<std::size_t>(position) + 1] - begin, column_.data() + begin, value_.data() + begin};
  }
  /// What row() will read of it.
  StoredRow stored(std::int64_t position) const noexcept {
    return StoredRow(*block_, numbers_, data_.indices()[static_cast<std::size_t>(position)]);
  }
  std::int64_t numbers() const noexcept { return numbers_; }

 private:
  explicit SparseRows(const Dataset& data);
  void keep(std::vector<T>& row, std::size_t entries);

  Dataset data_;
  const Block* block_;
  std::int64_t columns_ = 0, numbers_ = 0, most_ = 0;
  LargeVector<std::int64_t> begin_;  // by row, and the end
  std::vector<std::uint16_t, HugePageAllocator<std::uint16_t>> column_;
  std::vector<T, HugePageAllocator<T>> value_;
};

extern template class SparseRows<float>;
extern template class SparseRows<double>;

}  // namespace pellucid
