// Batches: the order of an epoch's rows, and gathering them into contiguous memory.
// Not here: the rows themselves (pellucid/dataset.h), what is computed from them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pellucid/dataset.h"

namespace pellucid {

/// Allocates in its constructor only. The order of an epoch is a function of (seed, epoch, rows): a resumed run meets
/// the same batches. The dataset is shared, not copied.
class Batches {
 public:
  /// Throws U12 on a batch size below 1.
  Batches(Dataset data, std::int64_t batch_size, bool shuffle, std::uint64_t seed);

  /// Puts the rows into the epoch's order; without shuffling they stay as they are.
  void begin_epoch(std::uint32_t epoch) noexcept;
  /// Another number after each change of the order.
  std::uint64_t order() const noexcept { return order_number_; }

  std::int64_t count() const noexcept { return count_; }
  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(order_.size()); }
  std::int64_t batch_size() const noexcept { return batch_size_; }
  /// Rows of the batch; the last one may be short.
  std::int64_t size(std::int64_t batch) const noexcept { return static_cast<std::int64_t>(positions(batch).size()); }
  /// Positions in the dataset of the batch's rows.
  std::span<const std::int64_t> positions(std::int64_t batch) const noexcept;
  const Dataset& data() const noexcept { return data_; }

  /// Writes the batch: x[size, row elements] with ldx between rows, labels[size], targets[size, target columns],
  /// weights[size] (all 1 where the dataset has none). A null pointer: not wanted. Returns the size.
  template <class T>
  std::int64_t gather(std::int64_t batch, T* x, std::int64_t ldx, std::int32_t* labels, T* targets,
                      T* weights) const noexcept;

  /// Where the rows lie on a disk: has those of a coming batch read meanwhile.
  void read_ahead(std::int64_t batch) const noexcept;

 private:
  template <class T>
  void gather_rows(std::span<const std::int64_t> chosen, T* x, std::int64_t ldx) const noexcept;

  Dataset data_;
  std::int64_t batch_size_;
  bool shuffle_;
  std::uint64_t seed_;
  std::int64_t width_;
  std::int64_t count_ = 0;
  std::int64_t numbers_;  ///< of a row's features that are no codes
  bool on_disk_ = false;  ///< there is more than memory holds
  LargeVector<std::int64_t> order_;
  std::uint64_t order_number_ = 1;
};

}  // namespace pellucid
