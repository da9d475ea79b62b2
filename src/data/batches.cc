// Batches: shuffling by counter, gathering by kind of storage.
// Not here: threads; the caller gathers where it computes.
#include "data/batches.h"

#include <algorithm>
#include <numeric>

#include "kernels/kernels.h"
#include "pellucid/error.h"
#include "pellucid/random.h"

namespace pellucid {

Batches::Batches(Dataset data, std::int64_t batch_size, bool shuffle, std::uint64_t seed)
    : data_(std::move(data)),
      batch_size_(batch_size),
      shuffle_(shuffle),
      seed_(seed),
      width_(data_.row_shape().elements()),
      order_(static_cast<std::size_t>(data_.rows())) {
  if (batch_size < 1) throw Error("U12", "a batch has at least one row, not " + std::to_string(batch_size));
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
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

template <class T>
std::int64_t Batches::gather(std::int64_t batch, T* x, std::int64_t ldx, std::int32_t* labels, T* targets,
                             T* weights) const noexcept {
  const std::span<const std::int64_t> chosen = positions(batch);
  const Block& block = data_.features();
  const auto offset = static_cast<T>(block.offset);
  const auto factor = static_cast<T>(block.factor);
  const Targets* from = data_.has_targets() ? &data_.targets() : nullptr;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::int64_t stored = data_.indices()[chosen[i]];
    T* row = x == nullptr ? nullptr : x + static_cast<std::int64_t>(i) * ldx;
    if (row == nullptr) {
    } else if (!block.bytes.empty()) {
      kernels<T>().widen(width_, block.bytes.data() + stored * width_, offset, factor, row);
    } else if (!block.floats.empty()) {
      std::copy_n(block.floats.data() + stored * width_, width_, row);
    } else {
      std::transform(block.doubles.data() + stored * width_, block.doubles.data() + (stored + 1) * width_, row,
                     [](double value) { return static_cast<T>(value); });
    }
    if (labels != nullptr && from != nullptr && from->classes > 0) labels[i] = from->labels[stored];
    if (targets != nullptr && from != nullptr) {
      for (std::int64_t c = 0; c < from->columns; ++c) {
        targets[static_cast<std::int64_t>(i) * from->columns + c] =
            static_cast<T>(from->values[stored * from->columns + c]);
      }
    }
    if (weights != nullptr) weights[i] = data_.weights().empty() ? T{1} : static_cast<T>(data_.weights()[chosen[i]]);
  }
  return static_cast<std::int64_t>(chosen.size());
}

template std::int64_t Batches::gather(std::int64_t, float*, std::int64_t, std::int32_t*, float*, float*) const noexcept;
template std::int64_t Batches::gather(std::int64_t, double*, std::int64_t, std::int32_t*, double*,
                                      double*) const noexcept;

}  // namespace pellucid
