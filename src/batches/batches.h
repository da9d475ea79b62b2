// Batches: the order of the rows in an epoch, and copying a batch's rows into contiguous memory.
// Not here: the rows themselves (pellucid/dataset.h), computing with them (model/workspace.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pellucid/dataset.h"

namespace pellucid {

/// Allocates only in its constructor. The order of an epoch depends on (seed, epoch, number of rows) alone, so a
/// resumed run gets the same batches. The dataset is shared, not copied.
class Batches {
 public:
  /// Throws U12 if batch_size is below 1.
  Batches(Dataset data, std::int64_t batch_size, bool shuffle, std::uint64_t seed);

  /// Shuffles the rows for this epoch; without `shuffle` the order stays as it is.
  void begin_epoch(std::uint32_t epoch) noexcept;
  /// A number that changes with each change of the order.
  std::uint64_t order() const noexcept { return order_number_; }

  std::int64_t count() const noexcept { return count_; }
  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(order_.size()); }
  std::int64_t batch_size() const noexcept { return batch_size_; }
  /// Number of rows in the batch; the last batch may be smaller.
  std::int64_t size(std::int64_t batch) const noexcept { return static_cast<std::int64_t>(positions(batch).size()); }
  /// Positions in the dataset of the batch's rows.
  std::span<const std::int64_t> positions(std::int64_t batch) const noexcept;
  const Dataset& data() const noexcept { return data_; }

  /// Copies the batch: x[size, row elements] with row distance ldx, labels[size], targets[size, target columns],
  /// weights[size] (all 1 if the dataset has none). A null pointer skips that output. Returns the number of rows.
  /// `target_columns` matters for soft targets only, and takes the last ones of each row: for one output and two
  /// classes this is the probability of the second.
  template <class T>
  std::int64_t gather(std::int64_t batch, T* x, std::int64_t ldx, std::int32_t* labels, T* targets, T* weights,
                      std::int64_t target_columns = 0) const noexcept;

  /// If the rows are in a file, asks the system to read those of a later batch; returns at once.
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
  std::int64_t numbers_;  ///< number of features per row that are stored as numbers, not as one-hot codes
  bool on_disk_ = false;  ///< whether the data do not fit into memory
  LargeVector<std::int64_t> order_;
  std::uint64_t order_number_ = 1;
};

}  // namespace pellucid
