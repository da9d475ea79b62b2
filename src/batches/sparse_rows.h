// The rows of a dataset without their zeros, where that pays off. The nonzero elements are found once, when training
// begins; rows with one-hot codes are converted each time they are read.
// Not here: batches of such rows (batches/sparse_block.h), the products that read them (kernels/sparse.cc).
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
  const std::uint16_t* column;  ///< in ascending order
  const T* value;
};

/// Memory for the entries of one row, for rows whose entries are not kept.
template <class T>
struct SparseRoom {
  std::uint16_t* column;
  T* value;
};

template <class T>
class SparseRows {
 public:
  /// Returns nothing if more than the share most_kept of the elements is nonzero, if rows are too narrow or too wide to
  /// gain, or if the entries would not fit into memory.
  static std::optional<SparseRows> if_rare(const Dataset& data, double most_kept);

  std::int64_t rows() const noexcept { return data_.rows(); }
  std::int64_t columns() const noexcept { return columns_; }
  std::int64_t most_entries() const noexcept { return most_; }  ///< largest number of entries in one row
  /// Whether the entries are stored; otherwise row() makes them from the dataset's rows.
  bool kept() const noexcept { return !begin_.empty(); }
  /// `room` must hold most_entries() if kept() is false; otherwise it is not used.
  SparseRow<T> row(std::int64_t position, SparseRoom<T> room) const noexcept {
    if (!kept())
      return {write_entries(*block_, stored(position), columns_, room.column, room.value), room.column, room.value};
    const std::int64_t begin = begin_[static_cast<std::size_t>(position)];
    return {begin_[static_cast<std::size_t>(position) + 1] - begin, column_.data() + begin, value_.data() + begin};
  }
  /// The stored row that row() reads.
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
  LargeVector<std::int64_t> begin_;  // per row, and the end
  std::vector<std::uint16_t, HugePageAllocator<std::uint16_t>> column_;
  std::vector<T, HugePageAllocator<T>> value_;
};

extern template class SparseRows<float>;
extern template class SparseRows<double>;

}  // namespace pellucid
