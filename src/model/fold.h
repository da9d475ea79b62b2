// The fixed tree that adds the sums of row blocks. It depends only on the number of blocks.
// Not here: the sums (pass.cc, chunks.cc).
#pragma once

#include <bit>
#include <cstdint>

namespace pellucid {

/// Number of blocks in the left subtree: the largest power of two below `count`.
inline std::int64_t left_blocks(std::int64_t count) noexcept {
  return std::int64_t{1} << (std::bit_width(static_cast<std::uint64_t>(count - 1)) - 1);
}

/// Adds the blocks first … first + count - 1 into the first one, by calls of add(to, from).
template <class Add>
void fold_tree(std::int64_t first, std::int64_t count, const Add& add) {
  if (count <= 1) return;
  const std::int64_t left = left_blocks(count);
  fold_tree(first, left, add);
  fold_tree(first + left, count - left, add);
  add(first, first + left);
}

}  // namespace pellucid
