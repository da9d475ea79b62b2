// Some small batches in a row without the columns that are zero in all their rows, as the kernels read them.
// Not here: the rows without their zeros (sparse_rows.h), who decides when a block is gathered (feeder.h).
#pragma once

#include "core/memory.h"
#include "data/batches.h"
#include "train/sparse_rows.h"

namespace pellucid {

/// Allocates in its constructor only.
template <class T>
class KeptBlock {
 public:
  /// Whether a batch is small enough.
  static bool fits(std::int64_t columns, std::int64_t batch_size) noexcept;
  /// Whether few enough numbers would be multiplied in vain, compared with single entries and with whole rows.
  static bool pays(const SparseRows<T>& all, std::int64_t batch_size);

  KeptBlock(const SparseRows<T>& all, std::int64_t batch_size);

  std::int64_t most_batches() const noexcept { return static_cast<std::int64_t>(begin_.size()) - 1; }
  /// At most most_batches() from `first` on.
  void gather(const Batches& batches, std::int64_t first, std::int64_t count) noexcept;
  /// The i-th batch of those gathered.
  KeptColumns<T> batch(std::int64_t i) const noexcept;

 private:
  void scatter(std::span<const std::int64_t> positions) noexcept;
  void keep_touched() noexcept;

  const SparseRows<T>& all_;
  std::int64_t stride_;
  std::vector<std::int64_t> begin_;  // by batch: where its columns begin, and the end
  std::vector<std::uint16_t> column_;
  std::vector<T, HugePageAllocator<T>> value_;
  std::int64_t kept_ = 0;
  // One batch with all its columns, zeros but while it is gathered, and which of them hold something.
  std::vector<T> all_columns_;
  std::vector<std::uint8_t> touched_;
  // A row that is not kept.
  std::vector<std::uint16_t> made_columns_;
  std::vector<T> made_values_;
};

extern template class KeptBlock<float>;
extern template class KeptBlock<double>;

}  // namespace pellucid
