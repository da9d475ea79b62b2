// The rows of a data set with the zeros left out: found once, when training begins, and only where it pays.
// Not here: the products that read them (src/kernels/sparse.cc), the order of batches (data/batches.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kernels/kernels.h"
#include "pellucid/dataset.h"

namespace pellucid {

template <class T>
class SparseRows {
 public:
  /// Nothing where more than a third of the numbers are not zero, or rows are too narrow or too wide to gain.
  static std::optional<SparseRows> if_worth_it(const Dataset& data);

  std::int64_t columns() const noexcept { return columns_; }
  std::int64_t most_entries() const noexcept { return most_; }  ///< of one row

 private:
  template <class>
  friend class SparseBatch;

  std::int64_t columns_ = 0, most_ = 0;
  std::vector<std::int64_t> begin_;  // by row, and the end
  std::vector<std::uint16_t> column_;
  std::vector<T> value_;
};

/// One batch of them, in the form that is quicker for its size: whole columns where rows share enough of them, else
/// entries. The bits of the products are the same. Allocates in its constructor only.
template <class T>
class SparseBatch {
 public:
  /// backward: whether there will be gradients, which read the batch by columns.
  SparseBatch(const SparseRows<T>& all, std::int64_t most_rows, bool backward);

  bool by_columns() const noexcept { return !kept_.empty(); }
  /// The rows at these positions of the data set.
  void gather(std::span<const std::int64_t> positions);
  /// Rows that will be gathered soon: fetched towards the cache meanwhile.
  void prefetch(std::span<const std::int64_t> positions) const noexcept;
  /// What was gathered last.
  const SparseInput<T>& input() const noexcept { return input_; }

 private:
  bool columns_pay(std::int64_t most_rows);
  void gather_entries(std::span<const std::int64_t> positions) noexcept;
  void turn(std::int64_t rows) noexcept;
  void gather_columns(std::span<const std::int64_t> positions) noexcept;

  const SparseRows<T>& all_;
  SparseInput<T> input_{};
  // Entries: by row, then by column.
  std::vector<std::int32_t> count_;
  std::vector<const std::uint16_t*> row_columns_;
  std::vector<const T*> row_values_;
  std::vector<std::int32_t> begin_, row_;
  std::vector<T> turned_value_;
  // Whole columns: which, and every column's room for the rows of a batch, filled with zeros where it is not kept.
  std::vector<std::uint8_t> touched_;
  std::vector<std::uint16_t> kept_;
  std::vector<T> column_value_;
};

extern template class SparseRows<float>;
extern template class SparseRows<double>;
extern template class SparseBatch<float>;
extern template class SparseBatch<double>;

}  // namespace pellucid
