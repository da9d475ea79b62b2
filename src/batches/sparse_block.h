// Consecutive batches without their zeros, in the order in which the sparse kernels read them.
// Not here: single rows without zeros (batches/sparse_rows.h), when a block is gathered (model/feeder.h).
#pragma once

#include "batches/batches.h"
#include "batches/sparse_rows.h"
#include "core/memory.h"

namespace pellucid {

/// Holds several batches at a time. Allocates only in its constructor.
template <class T>
class SparseBlock {
 public:
  /// Whether batches of this many of these rows fit the block's limits.
  static bool fits(const SparseRows<T>& all, std::int64_t batch_size) noexcept;
  /// Whether a SparseBlock pays off even if zeros are not rare. units: outputs of the layer that reads the batches.
  static bool pays(std::int64_t batch_size, std::int64_t units) noexcept;

  /// backward: whether gradients will be computed, which read the batches by columns.
  SparseBlock(const SparseRows<T>& all, std::int64_t batch_size, bool backward);

  std::int64_t most_batches() const noexcept { return static_cast<std::int64_t>(end_.size()); }
  /// Gathers `count` batches, at most most_batches(), from batch `first` on.
  void gather(const Batches& batches, std::int64_t first, std::int64_t count) noexcept;
  /// The i-th of the gathered batches.
  SparseInput<T> batch(std::int64_t i) const noexcept;

 private:
  std::int64_t list_rows(std::span<const std::int64_t> positions, std::int64_t begin, std::int32_t* band) noexcept;
  void turn(std::int64_t rows, const SparseInput<T>& batch, ColumnEntry<T>* to) noexcept;

  const SparseRows<T>& all_;
  int band_bits_;  ///< a band has 2^band_bits_ columns
  std::int64_t bands_, most_rows_;
  bool backward_;
  // Per batch: where its entries end; then the arrays that batch() cuts into one range per batch.
  std::vector<std::int64_t> end_;
  std::vector<std::int32_t> band_, group_;
  std::vector<std::uint16_t> order_;
  // Per entry, batch after batch.
  std::vector<std::uint16_t, HugePageAllocator<std::uint16_t>> column_;
  std::vector<T, HugePageAllocator<T>> value_;
  std::vector<ColumnEntry<T>, HugePageAllocator<ColumnEntry<T>>> entry_;
  // For the batch being gathered. Per column: first the number of entries, then where the next one goes; entries by
  // column.
  std::vector<std::int32_t> count_;
  std::vector<ColumnEntry<T>> turned_;
};

extern template class SparseBlock<float>;
extern template class SparseBlock<double>;

}  // namespace pellucid
