// Some batches in a row without their zeros, sorted as the kernels read them.
// Not here: the rows without their zeros (sparse_rows.h), who decides when a block is gathered (feeder.h).
#pragma once

#include "batches/batches.h"
#include "batches/sparse_rows.h"
#include "core/memory.h"

namespace pellucid {

/// Allocates in its constructor only.
template <class T>
class SparseBlock {
 public:
  /// Whether there can be batches of so many of these rows.
  static bool fits(const SparseRows<T>& all, std::int64_t batch_size) noexcept;
  /// Whether this pays even where zeros are not rare, with so many outputs of the layer that reads the batches.
  static bool pays(std::int64_t batch_size, std::int64_t units) noexcept;

  /// backward: whether there will be gradients, which read the batches by columns.
  SparseBlock(const SparseRows<T>& all, std::int64_t batch_size, bool backward);

  std::int64_t most_batches() const noexcept { return static_cast<std::int64_t>(end_.size()); }
  /// At most most_batches() from `first` on.
  void gather(const Batches& batches, std::int64_t first, std::int64_t count) noexcept;
  /// The i-th batch of those gathered.
  SparseInput<T> batch(std::int64_t i) const noexcept;

 private:
  std::int64_t list_rows(std::span<const std::int64_t> positions, std::int64_t begin, std::int32_t* band) noexcept;
  void turn(std::int64_t rows, const SparseInput<T>& batch, ColumnEntry<T>* to) noexcept;

  const SparseRows<T>& all_;
  int band_bits_;  ///< a band is so many columns, as a power of two
  std::int64_t bands_, most_rows_;
  bool backward_;
  // By batch: where its entries end, then so many numbers each as batch() says.
  std::vector<std::int64_t> end_;
  std::vector<std::int32_t> band_, group_;
  std::vector<std::uint16_t> order_;
  // By entry, batch after batch.
  std::vector<std::uint16_t, HugePageAllocator<std::uint16_t>> column_;
  std::vector<T, HugePageAllocator<T>> value_;
  std::vector<ColumnEntry<T>, HugePageAllocator<ColumnEntry<T>>> entry_;
  // Of the batch that is gathered: by column how many entries, then where the next one goes; entries by columns.
  std::vector<std::int32_t> count_;
  std::vector<ColumnEntry<T>> turned_;
};

extern template class SparseBlock<float>;
extern template class SparseBlock<double>;

}  // namespace pellucid
