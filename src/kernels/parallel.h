// The large kernels on a team of threads: divides the output among them. Sums are never divided, so the bits do not
// depend on the number of threads.
// Not here: the threads (core/team.h), the arithmetic (kernels/kernels.h).
#pragma once

#include <algorithm>

#include "core/float_env.h"
#include "core/team.h"
#include "kernels/kernels.h"

namespace pellucid {

/// Operations per part: about four microseconds of products, ten times the cost of calling a thread and waiting for it.
inline constexpr double worth_a_part = 5e5;

/// The number of parts for this many operations: 1 if a thread would have less than some microseconds of work.
inline int part_count(const Team& team, double operations) noexcept {
  return operations < 2 * worth_a_part ? 1 : static_cast<int>(std::min<double>(operations / worth_a_part, team.size()));
}

/// A range of columns or rows, begin … end-1.
struct Piece {
  std::int64_t begin, end;
  std::int64_t size() const noexcept { return end - begin; }
};

/// Part `part` of `parts` of n columns or rows, cut at multiples of `grain`; may be empty.
Piece part_of(std::int64_t n, int part, int parts, std::int64_t grain) noexcept;

/// Kernels::product. Each thread computes a range of w's columns if there are enough of them, so that its part of w
/// stays in its cache from step to step; otherwise a range of the batch's rows.
template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const Product<T>& product);

/// Kernels::product_transposed, with its update if it has one. Each thread computes the same columns as in
/// parallel_product; if there are few, a range of c's rows.
template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const ProductTransposed<T>& product);

/// The same for a sparse x.
template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const SparseProduct<T>& product);
template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const SparseProductTransposed<T>& product);

/// Kernels::convolution_gradient. Each thread computes some of the weights, over all pixels.
template <class T>
void parallel_convolution_gradient(Team& team, const Kernels<T>& kernels, const ConvolutionGradient<T>& gradient);

/// Calls work(begin, end) for ranges of rows; each row costs `operations`.
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
