// Finding what is not zero, and gathering a batch of it by entries or by whole columns.
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
// Whole columns: an entry by itself costs as much as so many numbers of a column.
constexpr double most_in_vain = 3;
constexpr std::int64_t most_batch_in_columns = 64;
constexpr std::int64_t most_numbers_in_columns = 65536;  // they shall stay in the cache
constexpr std::int64_t sampled_batches = 32;

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
SparseBatch<T>::SparseBatch(const SparseRows<T>& all, std::int64_t most_rows, bool backward) : all_(all) {
  const auto rows = static_cast<std::size_t>(most_rows), columns = static_cast<std::size_t>(all.columns_);
  if (columns_pay(most_rows)) {
    touched_.resize(columns);
    kept_.resize(columns + kept_row_grain);
    const std::int64_t stride = (most_rows + kept_row_grain - 1) / kept_row_grain * kept_row_grain;
    column_value_.resize(columns * static_cast<std::size_t>(stride));
    input_.kept = {.count = 0, .column = kept_.data(), .value = column_value_.data(), .stride = stride};
    return;
  }
  count_.resize(rows);
  row_columns_.resize(rows);
  row_values_.resize(rows);
  input_.rows = {count_.data(), row_columns_.data(), row_values_.data()};
  if (!backward) return;
  begin_.resize(columns + 2);
  row_.resize(rows * static_cast<std::size_t>(all.most_));
  turned_value_.resize(row_.size());
  input_.columns = {begin_.data(), row_.data(), turned_value_.data()};
}

// From batches of neighbouring rows, spread over the data: whether few enough numbers would be multiplied in vain.
template <class T>
bool SparseBatch<T>::columns_pay(std::int64_t most_rows) {
  const std::int64_t rows = static_cast<std::int64_t>(all_.begin_.size()) - 1;
  if (most_rows > most_batch_in_columns || all_.columns_ * most_rows > most_numbers_in_columns) return false;
  const std::int64_t batch = std::min(most_rows, rows);
  std::vector<bool> seen(static_cast<std::size_t>(all_.columns_));
  double kept = 0, entries = 0;
  for (std::int64_t i = 0; i < sampled_batches; ++i) {
    const std::int64_t first = i * (rows - batch) / sampled_batches;
    const auto begin = static_cast<std::size_t>(all_.begin_[static_cast<std::size_t>(first)]);
    const auto end = static_cast<std::size_t>(all_.begin_[static_cast<std::size_t>(first + batch)]);
    std::fill(seen.begin(), seen.end(), false);
    for (std::size_t e = begin; e < end; ++e) seen[all_.column_[e]] = true;
    kept += static_cast<double>(std::count(seen.begin(), seen.end(), true) * batch);
    entries += static_cast<double>(end - begin);
  }
  return kept < most_in_vain * entries;
}

template <class T>
void SparseBatch<T>::gather(std::span<const std::int64_t> positions) {
  if (by_columns()) {
    gather_columns(positions);
  } else {
    gather_entries(positions);
    if (!begin_.empty()) turn(static_cast<std::int64_t>(positions.size()));
  }
}

template <class T>
void SparseBatch<T>::prefetch(std::span<const std::int64_t> positions) const noexcept {
  for (const std::int64_t position : positions) {  // where rows begin; the processor sees by itself how they go on
    const std::int64_t begin = all_.begin_[static_cast<std::size_t>(position)];
    __builtin_prefetch(all_.value_.data() + begin);
    __builtin_prefetch(all_.column_.data() + begin);
  }
}

template <class T>
void SparseBatch<T>::gather_entries(std::span<const std::int64_t> positions) noexcept {
  for (std::size_t r = 0; r < positions.size(); ++r) {
    const auto position = static_cast<std::size_t>(positions[r]);
    const std::int64_t begin = all_.begin_[position];
    count_[r] = static_cast<std::int32_t>(all_.begin_[position + 1] - begin);
    row_columns_[r] = all_.column_.data() + begin;
    row_values_[r] = all_.value_.data() + begin;
  }
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

// Bytes may alias anything: without local pointers every store to `touched` would make the others be loaded again.
template <class T>
void SparseBatch<T>::gather_columns(std::span<const std::int64_t> positions) noexcept {
  const std::int64_t stride = input_.kept.stride;
  std::uint8_t* const touched = touched_.data();
  std::ranges::fill(column_value_, T(0));  // one run through the cache is quicker than the columns one by one
  for (std::size_t r = 0; r < positions.size(); ++r) {
    const auto position = static_cast<std::size_t>(positions[r]);
    const std::int64_t begin = all_.begin_[position], count = all_.begin_[position + 1] - begin;
    const std::uint16_t* const column = all_.column_.data() + begin;
    const T* const from = all_.value_.data() + begin;
    T* const to = column_value_.data() + r;
    for (std::int64_t i = 0; i < count; ++i) {
      to[column[i] * stride] = from[i];
      touched[column[i]] = 1;
    }
  }
  std::uint16_t* const kept = kept_.data();
  const auto columns = static_cast<std::int64_t>(touched_.size());
  std::int64_t count = 0;
  for (std::int64_t c = 0; c < columns; ++c) {  // no branch: which columns are kept cannot be foreseen
    kept[count] = static_cast<std::uint16_t>(c);
    count += touched[c];
  }
  std::ranges::fill(touched_, std::uint8_t{0});
  input_.kept.count = count;
}

template class SparseRows<float>;
template class SparseRows<double>;
template class SparseBatch<float>;
template class SparseBatch<double>;

}  // namespace pellucid
