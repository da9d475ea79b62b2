// The fixed order in which a long sum is folded: 16 virtual lanes within a block of elements, then the blocks pairwise.
// It has no vector types, so every target gives the same bits.
// Not here: the terms (kernels/scalar.cc, kernels/simple.cc).
#pragma once

#include <cstdint>

namespace pellucid {

inline constexpr int sum_lanes = 16;
inline constexpr std::int64_t sum_block = 4096;

/// Adds lane[i + half] to lane[i] for half = 8, 4, 2, 1; returns lane[0].
template <class T>
T fold_lanes(T* lane) noexcept {
  for (int half = sum_lanes / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) lane[i] += lane[i + half];
  }
  return lane[0];
}

/// Adds block sums as a binary counter does: two sums of equally many blocks become one. total() folds the rest from
/// the end.
template <class T>
class BlockTree {
 public:
  void push(T block) noexcept {
    for (std::int64_t carry = count_++; carry & 1; carry /= 2) block = part_[--top_] + block;
    part_[top_++] = block;
  }
  T total() noexcept {
    if (top_ == 0) return 0;
    T sum = part_[--top_];
    while (top_ > 0) sum = part_[--top_] + sum;
    return sum;
  }

 private:
  T part_[64];
  int top_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace pellucid
