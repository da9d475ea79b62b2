// Copies the entries of a batch's rows into contiguous memory and sorts them by column, the columns by their number of
// entries.
// Not here: arithmetic (kernels/sparse.cc).
#include "batches/sparse_block.h"

#include <algorithm>

namespace pellucid {
namespace {

// Measured with images. Layers with fewer units are faster with whole rows, because sorting takes longer than it saves.
// Wider layers and longer batches are faster with products that find the zeros themselves and cut batches into parts.
constexpr std::int64_t least_units = 16, most_outputs_of_batch = 16384, most_rows_of_batch = 256;

// A block's size is limited so that it fits into the cache of the core whose thread gathers it for another thread.
constexpr std::int64_t most_entries_of_block = 1 << 19, most_batches_of_block = 64;

// Each row needs room for as many entries as the longest row has.
constexpr std::int64_t most_entries_of_batch = 1 << 23;

// Bands have at least 128 columns, whose rows of the weights fit L1, and more if a row has too few entries per band.
constexpr int least_band_bits = 7;
constexpr std::int64_t worth_a_band = 16;

int band_bits(std::int64_t columns, std::int64_t entries) noexcept {
  int bits = least_band_bits;
  while ((columns >> bits) * worth_a_band > entries) ++bits;
  return bits;
}

// Always inlined, because g++ would drop the call of a function that only prefetches as one without effect.
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
bool SparseBlock<T>::fits(const SparseRows<T>& all, std::int64_t batch_size) noexcept {
  return all.most_entries() <= most_entries_of_batch / batch_size;
}

template <class T>
bool SparseBlock<T>::pays(std::int64_t batch_size, std::int64_t units) noexcept {
  return batch_size <= most_rows_of_batch && units >= least_units && units * batch_size <= most_outputs_of_batch;
}

template <class T>
SparseBlock<T>::SparseBlock(const SparseRows<T>& all, std::int64_t batch_size, bool backward)
    : all_(all),
      band_bits_(band_bits(all.columns(), all.most_entries())),
      bands_(((all.columns() - 1) >> band_bits_) + 1),
      most_rows_(batch_size),
      backward_(backward) {
  const std::int64_t entries = std::max<std::int64_t>(batch_size * all.most_entries(), 1);
  const auto batches =
      static_cast<std::size_t>(std::clamp<std::int64_t>(most_entries_of_block / entries, 1, most_batches_of_block));
  const auto rows = static_cast<std::size_t>(batch_size);
  end_.resize(batches);
  band_.resize(batches * rows * static_cast<std::size_t>(bands_ + 1));
  column_.resize(batches * static_cast<std::size_t>(entries));
  value_.resize(column_.size());
  count_.resize(static_cast<std::size_t>(sort_room(all.columns())));
  if (!backward) return;
  group_.resize(batches * (rows + 2));
  order_.resize(batches * count_.size());
  entry_.resize(column_.size());
  turned_.resize(static_cast<std::size_t>(entries));
}

template <class T>
SparseInput<T> SparseBlock<T>::batch(std::int64_t i) const noexcept {
  const std::int64_t begin = i > 0 ? end_[static_cast<std::size_t>(i - 1)] : 0;
  SparseInput<T> batch{.bands = bands_,
                       .band = band_.data() + i * most_rows_ * (bands_ + 1),
                       .column = column_.data(),
                       .value = value_.data()};
  if (!backward_) return batch;
  batch.group = group_.data() + i * (most_rows_ + 2);
  batch.order = order_.data() + i * sort_room(all_.columns());
  batch.entry = entry_.data() + begin;
  return batch;
}

template <class T>
void SparseBlock<T>::gather(const Batches& batches, std::int64_t first, std::int64_t count) noexcept {
  std::int64_t begin = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::span<const std::int64_t> positions = batches.positions(first + i);
    std::int32_t* const band = band_.data() + i * most_rows_ * (bands_ + 1);
    const std::int64_t end = list_rows(positions, begin, band);
    end_[static_cast<std::size_t>(i)] = end;
    if (backward_) {
      std::int32_t* const group = group_.data() + i * (most_rows_ + 2);
      std::uint16_t* const order = order_.data() + i * sort_room(all_.columns());
      kernels<T>().sort_by_count(all_.columns(), count_.data(), most_rows_, group, order);
      turn(static_cast<std::int64_t>(positions.size()), batch(i), entry_.data() + begin);
    }
    begin = end;
    if (first + i + 1 < batches.count()) {
      for (const std::int64_t position : batches.positions(first + i + 1)) fetch_ahead(all_, position);
    }
  }
}

// Copies the rows' entries to contiguous memory from `begin` on and counts those of each column. Returns the end.
template <class T>
std::int64_t SparseBlock<T>::list_rows(std::span<const std::int64_t> positions, std::int64_t begin,
                                       std::int32_t* band) noexcept {
  std::int32_t* const counts = count_.data();
  const int band_bits = band_bits_;
  std::fill_n(counts, count_.size(), 0);
  std::int64_t end = begin;
  for (std::size_t r = 0; r < positions.size(); ++r, band += bands_ + 1) {
    std::uint16_t* const column = column_.data() + end;
    T* const value = value_.data() + end;
    const SparseRow<T> row = all_.row(positions[r], {column, value});
    if (row.column != column) {
      std::copy_n(row.column, row.count, column);
      std::copy_n(row.value, row.count, value);
    }
    std::fill_n(band, bands_ + 1, static_cast<std::int32_t>(end));
    for (std::int64_t i = 0; i < row.count; ++i) {
      const std::uint16_t c = column[i];
      ++counts[c];
      band[(c >> band_bits) + 1] = static_cast<std::int32_t>(end + i + 1);
    }
    for (std::int64_t b = 0; b < bands_; ++b) band[b + 1] = std::max(band[b], band[b + 1]);
    end += row.count;
  }
  return end;
}

// Sorts the entries by column, columns in the order of batch.order. Rows come in ascending order, so each column's
// entries ascend. Sorting happens in memory that no other thread reads and the result is copied in one go; otherwise
// each cache line would have to be requested from the other thread's cache.
template <class T>
void SparseBlock<T>::turn(std::int64_t rows, const SparseInput<T>& batch, ColumnEntry<T>* to) noexcept {
  std::int32_t* const next = count_.data();
  std::int32_t place = 0;
  for (std::int32_t g = 1; g <= most_rows_; ++g) {
    for (std::int32_t i = batch.group[g]; i < batch.group[g + 1]; ++i, place += g) next[batch.order[i]] = place;
  }
  ColumnEntry<T>* const turned = turned_.data();
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int32_t* const band = batch.band + r * (batch.bands + 1);
    for (std::int32_t i = band[0], end = band[batch.bands]; i < end; ++i) {
      turned[next[batch.column[i]]++] = {batch.value[i], static_cast<std::int32_t>(r)};
    }
  }
  std::copy_n(turned, place, to);
}

template class SparseBlock<float>;
template class SparseBlock<double>;

}  // namespace pellucid
