// KeySet: a hash set of 64-bit keys in one block of memory. Not here: computing the keys of cells and rows
// (prepare/row_key.h).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "pellucid/large_vector.h"

namespace pellucid {

class KeySet {
 public:
  /// False if the key was already there.
  bool insert(std::uint64_t key) {
    if (key == 0) return !std::exchange(zero_, true);
    if (10 * (filled_ + 1) > 7 * slots_.size()) grow();
    std::uint64_t& slot = slots_[place_of(key)];
    if (slot == key) return false;
    slot = key;
    ++filled_;
    return true;
  }
  bool contains(std::uint64_t key) const noexcept { return key == 0 ? zero_ : slots_[place_of(key)] == key; }
  std::int64_t size() const noexcept { return static_cast<std::int64_t>(filled_) + (zero_ ? 1 : 0); }

 private:
  // Index of the slot that holds the key, or of the free slot where it would be inserted.
  std::size_t place_of(std::uint64_t key) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    // The top bits depend on all bits of the key.
    std::size_t at = (key * 0x9E3779B97F4A7C15u) >> std::countl_zero(mask);
    while (slots_[at] != 0 && slots_[at] != key) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    LargeVector<std::uint64_t> old(2 * slots_.size());
    old.swap(slots_);
    for (const std::uint64_t key : old) {
      if (key != 0) slots_[place_of(key)] = key;
    }
  }

  LargeVector<std::uint64_t> slots_ = LargeVector<std::uint64_t>(64);  // 0 marks a free slot
  std::size_t filled_ = 0;
  bool zero_ = false;
};

/// Equal numbers have equal keys (0 and -0 too). Not for NaN.
inline std::uint64_t number_key(double x) noexcept {
  return x == 0 ? 0 : std::bit_cast<std::uint64_t>(x);
}

}  // namespace pellucid
