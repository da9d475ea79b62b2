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

/// One batch of them, by rows and by columns. Allocates in its constructor only.
template <class T>
class SparseBatch {
 public:
  SparseBatch(const SparseRows<T>& all, std::int64_t most_rows);

  /// The rows at these positions of the data set; no copy.
  void gather(std::span<const std::int64_t> positions);

  SparseByRow<T> rows() const noexcept { return {count_.data(), column_.data(), value_.data()}; }
  /// Made when it is first asked for after gather().
  SparseByColumn<T> columns();
  std::int64_t column_count() const noexcept { return all_.columns_; }

 private:
  const SparseRows<T>& all_;
  std::int64_t rows_ = 0;
  bool turned_ = false;
  std::vector<std::int32_t> count_;
  std::vector<const std::uint16_t*> column_;
  std::vector<const T*> value_;
  std::vector<std::int32_t> begin_, row_;  // by column
  std::vector<T> turned_value_;
};

extern template class SparseRows<float>;
extern template class SparseRows<double>;
extern template class SparseBatch<float>;
extern template class SparseBatch<double>;

}  // namespace pellucid
