// The tree by which the sums of row blocks are folded: it depends on their number alone.
// Not here: the sums (pass.cc, chunks.cc).
#pragma once

#include <bit>
#include <cstdint>

namespace pellucid {

/// The left part of `count` blocks: the largest power of two below it.
inline std::int64_t left_blocks(std::int64_t count) noexcept {
  return std::int64_t{1} << (std::bit_width(static_cast<std::uint64_t>(count - 1)) - 1);
}

/// Folds blocks first … first + count - 1, which all lie in memory, into the first: add(to, from) for each pair.
template <class Add>
void fold_tree(std::int64_t first, std::int64_t count, const Add& add) {
  if (count <= 1) return;
  const std::int64_t left = left_blocks(count);
  fold_tree(first, left, add);
  fold_tree(first + left, count - left, add);
  add(first, first + left);
}

}  // namespace pellucid
