// Finding what is not zero, and turning a batch of it from rows to columns.
// Not here: arithmetic.
#include "train/sparse_rows.h"

#include <algorithm>

#include "core/large_data.h"

namespace pellucid {
namespace {

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
    for (std::size_t c = 0; c < row.size(); ++c) {  // no branch: zeros cannot be foreseen; the next one overwrites them
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

template <class T>
SparseBatch<T>::SparseBatch(const SparseRows<T>& all, std::int64_t most_rows, bool backward)
    : all_(all), count_(static_cast<std::size_t>(most_rows)), row_columns_(count_.size()), row_values_(count_.size()) {
  if (!all.kept()) {
    made_columns_.resize(count_.size() * static_cast<std::size_t>(all.most_entries()));
    made_values_.resize(made_columns_.size());
  }
  if (!backward) return;
  begin_.resize(static_cast<std::size_t>(all.columns()) + 2);
  row_.resize(count_.size() * static_cast<std::size_t>(all.most_entries()));
  turned_value_.resize(row_.size());
}

template <class T>
void SparseBatch<T>::gather(std::span<const std::int64_t> positions) noexcept {
  const std::size_t each = all_.kept() ? 0 : static_cast<std::size_t>(all_.most_entries());
  for (std::size_t r = 0; r < positions.size(); ++r) {
    const SparseRow<T> row = all_.row(positions[r], {made_columns_.data() + r * each, made_values_.data() + r * each});
    count_[r] = static_cast<std::int32_t>(row.count);
    row_columns_[r] = row.column;
    row_values_[r] = row.value;
  }
  if (!begin_.empty()) turn(static_cast<std::int64_t>(positions.size()));
}

// A counting sort by column; rows are met in ascending order, so every column's entries ascend.
template <class T>
void SparseBatch<T>::turn(std::int64_t rows) noexcept {
  // begin_[c + 2] counts, then begin_[c + 1] is where column c's next entry goes and at last where column c + 1 begins.
  std::ranges::fill(begin_, 0);
  for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r) {
    for (std::int32_t i = 0; i < count_[r]; ++i) ++begin_[row_columns_[r][i] + 2u];
  }
  for (std::size_t c = 2; c < begin_.size(); ++c) begin_[c] += begin_[c - 1];
  for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r) {
    for (std::int32_t i = 0; i < count_[r]; ++i) {
      const auto at = static_cast<std::size_t>(begin_[row_columns_[r][i] + 1u]++);
      row_[at] = static_cast<std::int32_t>(r);
      turned_value_[at] = row_values_[r][i];
    }
  }
}

template class SparseRows<float>;
template class SparseRows<double>;
template class SparseBatch<float>;
template class SparseBatch<double>;

}  // namespace pellucid
