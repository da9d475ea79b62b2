// Scattering the entries of a batch into columns, and putting side by side those that got something.
// Not here: arithmetic.
#include "train/kept_block.h"

#include <algorithm>

namespace pellucid {
namespace {

// Measured: an entry by itself costs as much as so many numbers of a kept column, and what is saved must pay for
// putting columns side by side.
constexpr double most_in_vain = 3, most_of_whole = 0.6;
constexpr std::int64_t most_batch_size = 31;           // of larger ones products find the zeros themselves
constexpr std::int64_t most_numbers_of_batch = 65536;  // they shall stay in the cache
constexpr std::int64_t sampled_batches = 32;

// A block is as long as fits in some cache of another core.
constexpr std::int64_t most_numbers_of_block = 1 << 20, most_batches_of_block = 128;

// Inlined: g++ takes a function that only fetches ahead for one without effect, and drops the call.
template <class T>
[[gnu::always_inline]] inline void fetch_ahead(const SparseRow<T>& row) noexcept {
  constexpr std::int64_t line = 64;
  for (std::int64_t i = 0; i < row.count; i += line / static_cast<std::int64_t>(sizeof(T)))
    __builtin_prefetch(row.value + i, 0, 2);
  for (std::int64_t i = 0; i < row.count; i += line / 2) __builtin_prefetch(row.column + i, 0, 2);
}

template <class T>
[[gnu::always_inline]] inline void fetch_ahead(const SparseRows<T>& all, std::int64_t position) noexcept {
  if (all.kept()) return fetch_ahead(all.row(position, {}));
  const StoredRow row = all.stored(position);
  __builtin_prefetch(row.codes, 0, 2);
  for (std::int64_t i = 0; i < all.numbers(); i += 16) __builtin_prefetch(row.floats + i, 0, 2);
}

}  // namespace

template <class T>
bool KeptBlock<T>::fits(std::int64_t columns, std::int64_t batch_size) noexcept {
  return batch_size <= most_batch_size && columns * batch_size <= most_numbers_of_batch;
}

// Asks batches of neighbouring rows, spread over the data.
template <class T>
bool KeptBlock<T>::pays(const SparseRows<T>& all, std::int64_t batch_size) {
  const std::int64_t batch = std::min(batch_size, all.rows());
  std::vector<bool> seen(static_cast<std::size_t>(all.columns()));
  std::vector<std::uint16_t> made_columns(static_cast<std::size_t>(all.most_entries()));
  std::vector<T> made_values(made_columns.size());
  double kept = 0, entries = 0, whole = 0;
  for (std::int64_t i = 0; i < sampled_batches; ++i) {
    const std::int64_t first = i * (all.rows() - batch) / sampled_batches;
    std::fill(seen.begin(), seen.end(), false);
    for (std::int64_t r = first; r < first + batch; ++r) {
      const SparseRow<T> row = all.row(r, {made_columns.data(), made_values.data()});
      for (std::int64_t e = 0; e < row.count; ++e) seen[row.column[e]] = true;
      entries += static_cast<double>(row.count);
    }
    kept += static_cast<double>(std::count(seen.begin(), seen.end(), true) * batch);
    whole += static_cast<double>(all.columns() * batch);
  }
  return kept < most_in_vain * entries && kept < most_of_whole * whole;
}

template <class T>
KeptBlock<T>::KeptBlock(const SparseRows<T>& all, std::int64_t batch_size)
    : all_(all), stride_((batch_size + kept_row_grain - 1) / kept_row_grain * kept_row_grain) {
  const auto columns = static_cast<std::size_t>(all.columns());
  const auto numbers = columns * static_cast<std::size_t>(stride_);
  const auto batches = static_cast<std::size_t>(
      std::clamp<std::int64_t>(most_numbers_of_block / static_cast<std::int64_t>(numbers), 1, most_batches_of_block));
  begin_.resize(batches + 1);
  column_.resize(batches * columns + kept_row_grain);
  value_.resize(batches * numbers);
  all_columns_.resize(numbers);
  touched_.resize(columns);
  if (all.kept()) return;
  made_columns_.resize(static_cast<std::size_t>(all.most_entries()));
  made_values_.resize(made_columns_.size());
}

template <class T>
KeptColumns<T> KeptBlock<T>::batch(std::int64_t i) const noexcept {
  const std::int64_t begin = begin_[static_cast<std::size_t>(i)];
  return {begin_[static_cast<std::size_t>(i) + 1] - begin, column_.data() + begin, value_.data() + begin * stride_,
          stride_};
}

template <class T>
void KeptBlock<T>::gather(const Batches& batches, std::int64_t first, std::int64_t count) noexcept {
  kept_ = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    scatter(batches.positions(first + i));
    keep_touched();
    if (first + i + 1 < batches.count()) {
      for (const std::int64_t position : batches.positions(first + i + 1)) fetch_ahead(all_, position);
    }
    begin_[static_cast<std::size_t>(i) + 1] = kept_;
  }
}

// Bytes may alias anything: without pointers of its own the loop would load all others again after every `touched`.
template <class T>
void KeptBlock<T>::scatter(std::span<const std::int64_t> positions) noexcept {
  std::uint8_t* const touched = touched_.data();
  const std::int64_t stride = stride_;
  for (std::size_t r = 0; r < positions.size(); ++r) {
    const SparseRow<T> row = all_.row(positions[r], {made_columns_.data(), made_values_.data()});
    T* const to = all_columns_.data() + r;
    for (std::int64_t i = 0; i < row.count; ++i) {
      to[row.column[i] * stride] = row.value[i];
      touched[row.column[i]] = 1;
    }
  }
}

template <class T>
void KeptBlock<T>::keep_touched() noexcept {
  std::uint16_t* const column = column_.data() + kept_;
  const auto columns = static_cast<std::int64_t>(touched_.size());
  std::int64_t count = 0;
  for (std::int64_t c = 0; c < columns; ++c) {  // no branch: which columns are kept cannot be foreseen
    column[count] = static_cast<std::uint16_t>(c);
    count += touched_[static_cast<std::size_t>(c)];
  }
  T* to = value_.data() + kept_ * stride_;
  for (std::int64_t i = 0; i < count; ++i) {
    T* const from = all_columns_.data() + column[i] * stride_;
    for (std::int64_t r = 0; r < stride_; r += kept_row_grain, to += kept_row_grain) {
      std::copy_n(from + r, kept_row_grain, to);
      std::fill_n(from + r, kept_row_grain, T(0));
    }
  }
  std::ranges::fill(touched_, std::uint8_t{0});
  kept_ += count;
}

template class KeptBlock<float>;
template class KeptBlock<double>;

}  // namespace pellucid
