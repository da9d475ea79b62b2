// Finding what is not zero, and turning a batch of it from rows to columns.
// Not here: arithmetic.
#include "train/sparse_rows.h"

#include <algorithm>

namespace pellucid {
namespace {

// Measured: with AVX-512 a kept product costs two to three dense ones, for it needs a load of its own.
constexpr double most_kept = 1.0 / 3;
constexpr std::int64_t least_columns = 64;
constexpr std::int64_t most_columns = 65536;  // a column's number is kept in 16 bits
constexpr std::int64_t sampled_rows = 1000;

// Share of numbers that are not zero, from rows spread over the data set.
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
std::optional<SparseRows<T>> SparseRows<T>::if_worth_it(const Dataset& data) {
  const std::int64_t columns = data.row_shape().elements();
  if (columns < least_columns || columns > most_columns || data.empty()) return std::nullopt;
  std::vector<T> row(static_cast<std::size_t>(columns));
  const double share = kept_share(data, row);
  if (share > most_kept) return std::nullopt;
  SparseRows result;
  result.columns_ = columns;
  const auto guess =
      static_cast<std::size_t>(1.05 * share * static_cast<double>(columns) * static_cast<double>(data.rows()));
  result.column_.reserve(guess);
  result.value_.reserve(guess);
  result.begin_.reserve(static_cast<std::size_t>(data.rows()) + 1);
  result.begin_.push_back(0);
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    data.read_row<T>(r, row.data());
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c] == T(0)) continue;
      result.column_.push_back(static_cast<std::uint16_t>(c));
      result.value_.push_back(row[c]);
    }
    result.begin_.push_back(static_cast<std::int64_t>(result.value_.size()));
    result.most_ = std::max(result.most_, result.begin_.back() - result.begin_[static_cast<std::size_t>(r)]);
  }
  return result;
}

template <class T>
SparseBatch<T>::SparseBatch(const SparseRows<T>& all, std::int64_t most_rows)
    : all_(all),
      count_(static_cast<std::size_t>(most_rows)),
      column_(count_.size()),
      value_(count_.size()),
      begin_(static_cast<std::size_t>(all.columns_) + 2),
      row_(count_.size() * static_cast<std::size_t>(all.most_)),
      turned_value_(row_.size()) {}

template <class T>
void SparseBatch<T>::gather(std::span<const std::int64_t> positions) {
  rows_ = static_cast<std::int64_t>(positions.size());
  turned_ = false;
  for (std::size_t r = 0; r < positions.size(); ++r) {
    const auto position = static_cast<std::size_t>(positions[r]);
    const std::int64_t begin = all_.begin_[position];
    count_[r] = static_cast<std::int32_t>(all_.begin_[position + 1] - begin);
    column_[r] = all_.column_.data() + begin;
    value_[r] = all_.value_.data() + begin;
  }
}

// A counting sort by column; rows are met in ascending order, so every column's entries ascend.
template <class T>
SparseByColumn<T> SparseBatch<T>::columns() {
  if (!turned_) {
    // begin_[c + 2] counts, then begin_[c + 1] is where column c's next entry goes and at last where column c + 1
    // begins.
    std::ranges::fill(begin_, 0);
    for (std::int64_t r = 0; r < rows_; ++r) {
      for (std::int32_t i = 0; i < count_[static_cast<std::size_t>(r)]; ++i)
        ++begin_[column_[static_cast<std::size_t>(r)][i] + 2u];
    }
    for (std::size_t c = 2; c < begin_.size(); ++c) begin_[c] += begin_[c - 1];
    for (std::int64_t r = 0; r < rows_; ++r) {
      const std::uint16_t* column = column_[static_cast<std::size_t>(r)];
      const T* value = value_[static_cast<std::size_t>(r)];
      for (std::int32_t i = 0; i < count_[static_cast<std::size_t>(r)]; ++i) {
        const auto at = static_cast<std::size_t>(begin_[column[i] + 1u]++);
        row_[at] = static_cast<std::int32_t>(r);
        turned_value_[at] = value[i];
      }
    }
    turned_ = true;
  }
  return {begin_.data(), row_.data(), turned_value_.data()};
}

template class SparseRows<float>;
template class SparseRows<double>;
template class SparseBatch<float>;
template class SparseBatch<double>;

}  // namespace pellucid
