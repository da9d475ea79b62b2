// The large kernels over a team of threads: who computes which part of the output. Never changes a sum, so never a bit.
// Not here: the team (core/team.h), the arithmetic (kernels.h).
#pragma once

#include <algorithm>

#include "core/float_env.h"
#include "core/team.h"
#include "kernels/kernels.h"

namespace pellucid {

/// About four microseconds of products: ten times what it costs to call a thread and wait for it.
inline constexpr double worth_a_part = 5e5;

/// Parts worth making for so many operations: one where a thread would have less than some microseconds to do.
inline int part_count(const Team& team, double operations) noexcept {
  return operations < 2 * worth_a_part ? 1 : static_cast<int>(std::min<double>(operations / worth_a_part, team.size()));
}

/// A range of columns or rows, begin … end-1.
struct Piece {
  std::int64_t begin, end;
  std::int64_t size() const noexcept { return end - begin; }
};

/// Part `part` of `parts` of n things, cut at multiples of `grain`; may be empty.
Piece part_of(std::int64_t n, int part, int parts, std::int64_t grain) noexcept;

/// Kernels::product. A thread owns columns of w where there are enough of them (so that they stay in its cache from
/// step to step), else rows of the batch.
template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const Product<T>& product);

/// Kernels::product_transposed, with its update if it has one. The same columns belong to the same thread as in
/// parallel_product; where they are few, rows of c.
template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const ProductTransposed<T>& product);

/// The same for rows without their zeros.
template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const SparseProduct<T>& product);
template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const SparseProductTransposed<T>& product);

/// work(begin, end) for ranges of rows that cost `operations` each.
template <class T, class F>
void parallel_rows(Team& team, std::int64_t rows, double operations, const F& work) {
  const int parts = part_count(team, static_cast<double>(rows) * operations);
  if (parts == 1) return work(std::int64_t{0}, rows);
  team.run(parts, [&](int part) {
    const FloatEnvironment<T> environment;
    const Piece range = part_of(rows, part, parts, 1);
    if (range.size() > 0) work(range.begin, range.end);
  });
}

}  // namespace pellucid
