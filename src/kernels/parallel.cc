// Cuts a product's output into parts and calls the kernel for each part.
// Not here: choosing the kernels for the CPU (kernels/kernels.cc).
#include "kernels/parallel.h"

namespace pellucid {
namespace {

// A thread's columns begin at multiples of this: whole cache lines, whole register tiles.
constexpr std::int64_t column_grain = 64;
// With fewer columns per thread, sharing cache lines and tiles with neighbours would cost more than the threads gain.
constexpr std::int64_t least_columns = 128;
constexpr std::int64_t row_grain = 8;

double operations(std::int64_t m, std::int64_t n, std::int64_t k) {
  return 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

// Runs kernel(p). Where threads pay off, divides an output of `rows` × `columns` into parts; for each part, cut(copy of
// p, by columns?, range) restricts a copy of p to the part, and the kernel runs on it.
template <class T, class P, class Cut>
void over_parts(Team& team, double cost, std::int64_t columns, std::int64_t rows, const P& p,
                void (*kernel)(const P&) noexcept, const Cut& cut) {
  const int parts = part_count(team, cost);
  if (parts == 1) return kernel(p);
  const bool by_columns = columns >= least_columns * parts;
  team.run(parts, [&](int part) {
    const FloatEnvironment<T> environment;
    const Piece range = part_of(by_columns ? columns : rows, part, parts, by_columns ? column_grain : row_grain);
    if (range.size() == 0) return;
    P mine = p;
    cut(mine, by_columns, range);
    kernel(mine);
  });
}

// Restricts p to some columns or rows of y = x · w. Neighbouring columns of w are `w_step` elements apart.
template <class P>
void take_outputs(P& p, bool columns, Piece range, std::int64_t w_step) {
  const std::int64_t offset = columns ? range.begin : range.begin * p.ldy;
  p.y += offset;
  if (p.z) p.z += offset;
  if (columns) {
    p.n = range.size();
    p.w += range.begin * w_step;
    if (p.bias) p.bias += range.begin;
  } else {
    p.m = range.size();
  }
}

// Restricts p to some columns or rows of the gradient xᵀ · d.
template <class P>
void take_weights(P& p, bool columns, Piece range) {
  const std::int64_t offset = columns ? range.begin : range.begin * p.ldc;
  if (p.c) p.c += offset;
  if (p.update.w) p.update.w += offset;
  for (auto*& slot : p.update.slots) slot = slot ? slot + offset : nullptr;
  if (columns) {
    p.n = range.size();
    p.d += range.begin;
  } else {
    p.k = range.size();
  }
}

}  // namespace

Piece part_of(std::int64_t n, int part, int parts, std::int64_t grain) noexcept {
  const std::int64_t grains = (n + grain - 1) / grain;
  return {std::min(n, grains * part / parts * grain), std::min(n, grains * (part + 1) / parts * grain)};
}

template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const Product<T>& p) {
  over_parts<T>(team, operations(p.m, p.n, p.k), p.n, p.m, p, kernels.product,
                [](Product<T>& mine, bool columns, Piece range) {
                  take_outputs(mine, columns, range, mine.w_transposed ? mine.ldw : 1);
                  if (!columns) mine.x += range.begin * mine.ldx;
                });
}

template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const SparseProduct<T>& p) {
  const std::int64_t entries = p.x.count(p.m);
  over_parts<T>(team, operations(1, p.n, entries), p.n, p.m, p, kernels.sparse_product,
                [](SparseProduct<T>& mine, bool columns, Piece range) {
                  take_outputs(mine, columns, range, 1);
                  if (!columns) mine.x.band += range.begin * (mine.x.bands + 1);
                });
}

template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const ProductTransposed<T>& p) {
  over_parts<T>(team, operations(p.m, p.n, p.k), p.n, p.k, p, kernels.product_transposed,
                [](ProductTransposed<T>& mine, bool columns, Piece range) {
                  take_weights(mine, columns, range);
                  if (!columns) mine.x += range.begin;
                });
}

template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const SparseProductTransposed<T>& p) {
  const std::int64_t entries = p.x.count(p.m);
  over_parts<T>(team, operations(1, p.n, entries + p.k), p.n, p.k, p, kernels.sparse_product_transposed,
                [](SparseProductTransposed<T>& mine, bool columns, Piece range) {
                  if (columns) return take_weights(mine, true, range);
                  mine.first = range.begin;
                  mine.k = range.end;
                });
}

template <class T>
void parallel_convolution_gradient(Team& team, const Kernels<T>& kernels, const ConvolutionGradient<T>& p) {
  const Taps& taps = p.taps;
  const int parts = part_count(
      team, operations(p.grid.pictures * p.grid.rows * p.grid.columns, p.n, taps.rows * taps.columns * taps.depth));
  if (parts == 1) return kernels.convolution_gradient(p);
  const bool by_number = taps.depth >= 8 * parts, by_output = !by_number && p.n >= 32 * parts;
  team.run(parts, [&](int part) {
    const FloatEnvironment<T> environment;
    ConvolutionGradient<T> mine = p;
    if (by_output) {
      const Piece range = part_of(p.n, part, parts, row_grain);
      mine.n = range.size(), mine.d += range.begin, mine.c += range.begin;
    } else if (by_number) {
      const Piece range = part_of(taps.depth, part, parts, 1);
      mine.taps.depth = range.size(), mine.x += range.begin, mine.c += range.begin * p.ldc;
    } else {
      const Piece range = part_of(taps.rows, part, parts, 1);
      mine.taps.rows = range.size(), mine.x += range.begin * taps.x_row, mine.c += range.begin * taps.w_row;
    }
    kernels.convolution_gradient(mine);
  });
}

#define PELLUCID_PARALLEL(T)                                                                              \
  template void parallel_product(Team&, const Kernels<T>&, const Product<T>&);                            \
  template void parallel_product(Team&, const Kernels<T>&, const SparseProduct<T>&);                      \
  template void parallel_product_transposed(Team&, const Kernels<T>&, const ProductTransposed<T>&);       \
  template void parallel_product_transposed(Team&, const Kernels<T>&, const SparseProductTransposed<T>&); \
  template void parallel_convolution_gradient(Team&, const Kernels<T>&, const ConvolutionGradient<T>&);
PELLUCID_PARALLEL(float)
PELLUCID_PARALLEL(double)
#undef PELLUCID_PARALLEL

}  // namespace pellucid
