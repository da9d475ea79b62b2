// Finds the nonzero elements of a dataset's rows. Not here: products with them (kernels/sparse.cc).
#include "batches/sparse_rows.h"

#include <algorithm>

#include "core/large_data.h"

namespace pellucid {
namespace {

constexpr std::int64_t least_columns = 64;
constexpr std::int64_t most_columns = 65536;  // a column's index is stored in 16 bits
constexpr std::int64_t sampled_rows = 1000;

// The share of nonzero elements, estimated from rows spread over the dataset.
template <class T>
double kept_share(const Dataset& data, std::vector<T>& row) {
  const std::int64_t rows = std::min(sampled_rows, data.rows());
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    data.read_row<T>(i * data.rows() / rows, row.data());
    kept += static_cast<std::int64_t>(row.size()) - std::ranges::count(row, T(0));
  }
  return static_cast<double>(kept) / (static_cast<double>(rows) * static_cast<double>(row.size()));
}

}  // namespace

template <class T>
std::optional<SparseRows<T>> SparseRows<T>::if_rare(const Dataset& data, double most_kept) {
  const std::int64_t columns = data.row_shape().elements();
  if (columns < least_columns || columns > most_columns || data.empty()) return std::nullopt;
  std::vector<T> row(static_cast<std::size_t>(columns));
  const double share = kept_share(data, row);
  if (share > most_kept) return std::nullopt;
  SparseRows result(data);
  if (!data.features().one_hot.empty()) return result;
  const double entries = 1.05 * share * static_cast<double>(columns) * static_cast<double>(data.rows());
  if (!fits_into_memory(entries * (sizeof(std::uint16_t) + sizeof(T)))) return std::nullopt;
  result.keep(row, static_cast<std::size_t>(entries));
  return result;
}

template <class T>
SparseRows<T>::SparseRows(const Dataset& data)
    : data_(data),
      block_(&data_.features()),
      columns_(data.row_shape().elements()),
      numbers_(number_features(*block_)),
      most_(numbers_ + static_cast<std::int64_t>(block_->one_hot.size()) + 1) {}

template <class T>
void SparseRows<T>::keep(std::vector<T>& row, std::size_t entries) {
  column_.reserve(entries);
  value_.reserve(entries);
  begin_.reserve(static_cast<std::size_t>(data_.rows()) + 1);
  begin_.push_back(0);
  most_ = 0;
  std::vector<std::uint16_t> columns_of_row(row.size());
  for (std::int64_t r = 0; r < data_.rows(); ++r) {
    data_.read_row<T>(r, row.data());
    std::size_t count = 0;
    // Without a branch, because zeros are unpredictable; the next element overwrites a zero.
    for (std::size_t c = 0; c < row.size(); ++c) {
      const T value = row[c];
      columns_of_row[count] = static_cast<std::uint16_t>(c);
      row[count] = value;
      count += value != T(0);
    }
    const auto end = static_cast<std::ptrdiff_t>(count);
    column_.insert(column_.end(), columns_of_row.begin(), columns_of_row.begin() + end);
    value_.insert(value_.end(), row.begin(), row.begin() + end);
    most_ = std::max(most_, static_cast<std::int64_t>(count));
    begin_.push_back(static_cast<std::int64_t>(value_.size()));
  }
}

template class SparseRows<float>;
template class SparseRows<double>;

}  // namespace pellucid
