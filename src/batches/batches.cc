// Batches: counter-based shuffling, and copying rows from each kind of storage.
// Not here: threads that gather ahead (model/feeder.cc).
#include "batches/batches.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "batches/stored_row.h"
#include "core/large_data.h"
#include "core/memory.h"
#include "kernels/kernels.h"
#include "pellucid/error.h"
#include "pellucid/random.h"

namespace pellucid {
namespace {

// Copies 16 bytes at a time; for a short row, calling memmove costs more than the copy.
template <class T>
void copy_row(const T* from, std::int64_t n, T* to) noexcept {
  constexpr std::int64_t step = 16 / sizeof(T), most = 64;
  if (n < step || n > most) {
    std::copy_n(from, n, to);
    return;
  }
  for (std::int64_t i = 0; i + step <= n; i += step) std::memcpy(to + i, from + i, 16);
  std::memcpy(to + n - step, from + n - step, 16);
}

}  // namespace

Batches::Batches(Dataset data, std::int64_t batch_size, bool shuffle, std::uint64_t seed)
    : data_(std::move(data)),
      batch_size_(batch_size),
      shuffle_(shuffle),
      seed_(seed),
      width_(data_.row_shape().elements()),
      numbers_(number_features(data_.features())),
      order_(static_cast<std::size_t>(data_.rows())) {
  if (batch_size < 1) throw Error("U12", "a batch has at least one row, not " + std::to_string(batch_size));
  count_ = (rows() + batch_size_ - 1) / batch_size_;
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
  std::size_t in_files = 0;
  const auto expect = [&](const auto& values) {
    const std::size_t bytes = values.size() * sizeof(values[0]);
    if (lies_in_file(values.data())) in_files += bytes;
    if (shuffle) expect_random_reads(values.data(), bytes);
  };
  const Block& block = data_.features();
  expect(block.bytes);
  expect(block.floats);
  expect(block.doubles);
  expect(block.codes);
  on_disk_ = more_than_memory(in_files);
}

void Batches::begin_epoch(std::uint32_t epoch) noexcept {
  if (!shuffle_) return;
  ++order_number_;
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
  Random(RandomKey{.seed = seed_, .purpose = Purpose::shuffle, .stream = 0, .step = epoch}).shuffle(order_);
}

std::span<const std::int64_t> Batches::positions(std::int64_t batch) const noexcept {
  const std::int64_t first = batch * batch_size_;
  const std::int64_t size = std::min(batch_size_, rows() - first);
  return {order_.data() + first, static_cast<std::size_t>(size)};
}

namespace {

constexpr std::size_t rows_ahead = 3;
constexpr std::int64_t worth_fetching = 256;  // bytes per row

// Prefetches a row: shuffled rows are at unpredictable addresses. Always inlined, because g++ would drop the call as
// one without effect.
[[gnu::always_inline]] inline void fetch_ahead(const Block& block, std::int64_t row, std::int64_t width) noexcept {
  if (width < worth_fetching || block.bytes.empty()) return;
  const std::uint8_t* const begin = block.bytes.data() + row * width;
  for (std::int64_t i = 0; i < width; i += 64) __builtin_prefetch(begin + i);
}

[[gnu::always_inline]] inline void fetch_ahead(StoredRow row, std::int64_t numbers) noexcept {
  __builtin_prefetch(row.codes);
  for (std::int64_t i = 0; i < numbers; i += 16) __builtin_prefetch(row.floats + i);
}

// Calls place(pointer, bytes) for each range of memory that holds a part of the row.
template <class Place>
void for_each_piece(const Block& block, std::int64_t row, std::int64_t width, std::int64_t numbers,
                    const Place& place) noexcept {
  const auto pass = [&](const auto& values, std::int64_t each) {
    if (!values.empty()) place(values.data() + row * each, static_cast<std::size_t>(each) * sizeof(values[0]));
  };
  pass(block.bytes, width);
  pass(block.doubles, width);
  pass(block.floats, numbers);
  pass(block.codes, static_cast<std::int64_t>(block.one_hot.size()));
}

}  // namespace

// Requests many rows at once; requested one by one, each row would wait for the disk.
void Batches::read_ahead(std::int64_t batch) const noexcept {
  if (!on_disk_ || batch >= count_) return;
  for (const std::int64_t position : positions(batch)) {
    for_each_piece(data_.features(), data_.indices()[static_cast<std::size_t>(position)], width_, numbers_,
                   pellucid::read_ahead);
  }
}

template <class T>
void Batches::gather_rows(std::span<const std::int64_t> chosen, T* x, std::int64_t ldx) const noexcept {
  const Block& block = data_.features();
  const auto offset = static_cast<T>(block.offset);
  const auto factor = static_cast<T>(block.factor);
  const std::int64_t* const stored = data_.indices().data();
  if (!block.one_hot.empty()) {
    for (std::size_t i = 0; i < chosen.size(); ++i, x += ldx) {
      if (i + rows_ahead < chosen.size()) {
        fetch_ahead(StoredRow(block, numbers_, stored[chosen[i + rows_ahead]]), numbers_);
      }
      write_row(block, StoredRow(block, numbers_, stored[chosen[i]]), width_, x);
    }
    return;
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (i + rows_ahead < chosen.size()) fetch_ahead(block, stored[chosen[i + rows_ahead]], width_);
    const std::int64_t first = stored[chosen[i]] * width_;
    if (!block.bytes.empty()) {
      kernels<T>().widen(width_, block.bytes.data() + first, offset, factor, x);
    } else if (block.floats.empty()) {
      std::copy_n(block.doubles.data() + first, width_, x);
    } else if constexpr (sizeof(T) == sizeof(float)) {
      copy_row(block.floats.data() + first, width_, x);
    } else {
      std::copy_n(block.floats.data() + first, width_, x);
    }
    x += ldx;
  }
}

template <class T>
std::int64_t Batches::gather(std::int64_t batch, T* x, std::int64_t ldx, std::int32_t* labels, T* targets, T* weights,
                             std::int64_t target_columns) const noexcept {
  const std::span<const std::int64_t> chosen = positions(batch);
  const std::int64_t* const stored = data_.indices().data();
  const Targets* from = data_.has_targets() ? &data_.targets() : nullptr;
  if (x != nullptr) gather_rows(chosen, x, ldx);
  if (labels != nullptr && from != nullptr && from->classes > 0) {
    const std::int32_t* const all = from->labels.data();
    std::ranges::transform(chosen, labels, [=](std::int64_t position) { return all[stored[position]]; });
    if (batch + 2 < count_) {  // without these prefetches, most of the time would be spent waiting
      for (const std::int64_t position : positions(batch + 1)) __builtin_prefetch(all + stored[position]);
      for (const std::int64_t position : positions(batch + 2)) __builtin_prefetch(stored + position);
    }
  }
  if (targets != nullptr && data_.has_soft_targets()) {
    const std::int64_t each = data_.soft_target_columns();
    const float* const last = data_.soft_targets().data() + each - target_columns;
    for (const std::int64_t position : chosen) {
      targets = std::copy_n(last + position * each, target_columns, targets);
    }
  } else if (targets != nullptr && from != nullptr) {
    for (const std::int64_t position : chosen) {
      targets = std::copy_n(from->values.data() + stored[position] * from->columns, from->columns, targets);
    }
  }
  for (std::size_t i = 0; weights != nullptr && i < chosen.size(); ++i) {
    weights[i] = data_.weights().empty() ? T{1} : static_cast<T>(data_.weights()[chosen[i]]);
  }
  return static_cast<std::int64_t>(chosen.size());
}

template std::int64_t Batches::gather(std::int64_t, float*, std::int64_t, std::int32_t*, float*, float*,
                                      std::int64_t) const noexcept;
template std::int64_t Batches::gather(std::int64_t, double*, std::int64_t, std::int32_t*, double*, double*,
                                      std::int64_t) const noexcept;

}  // namespace pellucid
