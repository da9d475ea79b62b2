// Cutting a product's output into parts, and calling the kernel for each.
// Not here: which kernel a CPU runs (kernels.cc).
#include "kernels/parallel.h"

#include <numeric>

namespace pellucid {
namespace {

// About four microseconds of products: ten times what it costs to call a thread and wait for it.
constexpr double worth_a_part = 5e5;
// Columns a thread owns begin at multiples of this (whole cache lines, whole register tiles) …
constexpr std::int64_t column_grain = 64;
// … and below this many a thread, neighbours would share lines and tiles more than they gain.
constexpr std::int64_t least_columns = 128;
constexpr std::int64_t row_grain = 8;

double operations(std::int64_t m, std::int64_t n, std::int64_t k) {
  return 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

// work(by columns?, range) for each part of an output of `columns` columns and `rows` rows.
template <class T, class F>
void over_parts(Team& team, double cost, std::int64_t columns, std::int64_t rows, const F& work) {
  const int parts = part_count(team, cost);
  if (parts == 1) return work(false, Piece{0, rows});
  const bool by_columns = columns >= least_columns * parts;
  team.run(parts, [&](int part) {
    const FloatEnvironment<T> environment;
    const Piece range = part_of(by_columns ? columns : rows, part, parts, by_columns ? column_grain : row_grain);
    if (range.size() > 0) work(by_columns, range);
  });
}

// Columns or rows of y = x·w. A column of w lies `w_step` elements from the next.
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

// Columns or rows of the weights that xᵀ·d changes.
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

int part_count(const Team& team, double operations) noexcept {
  return static_cast<int>(std::clamp(operations / worth_a_part, 1.0, static_cast<double>(team.size())));
}

Piece part_of(std::int64_t n, int part, int parts, std::int64_t grain) noexcept {
  const std::int64_t grains = (n + grain - 1) / grain;
  return {std::min(n, grains * part / parts * grain), std::min(n, grains * (part + 1) / parts * grain)};
}

template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const Product<T>& p) {
  over_parts<T>(team, operations(p.m, p.n, p.k), p.n, p.m, [&](bool columns, Piece range) {
    Product<T> mine = p;
    take_outputs(mine, columns, range, p.w_transposed ? p.ldw : 1);
    if (!columns) mine.x += range.begin * p.ldx;
    kernels.product(mine);
  });
}

template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const SparseProduct<T>& p) {
  const std::int64_t entries = std::accumulate(p.x.count, p.x.count + p.m, std::int64_t{0});
  over_parts<T>(team, operations(1, p.n, entries), p.n, p.m, [&](bool columns, Piece range) {
    SparseProduct<T> mine = p;
    take_outputs(mine, columns, range, 1);
    if (!columns) {
      mine.x = {p.x.count + range.begin, p.x.column + range.begin, p.x.value + range.begin};
    }
    kernels.sparse_product(mine);
  });
}

template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const ProductTransposed<T>& p) {
  over_parts<T>(team, operations(p.m, p.n, p.k), p.n, p.k, [&](bool columns, Piece range) {
    ProductTransposed<T> mine = p;
    take_weights(mine, columns, range);
    if (!columns) mine.x += range.begin;
    kernels.product_transposed(mine);
  });
}

template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const SparseProductTransposed<T>& p) {
  over_parts<T>(team, operations(1, p.n, p.x.begin[p.k] + p.k), p.n, p.k, [&](bool columns, Piece range) {
    SparseProductTransposed<T> mine = p;
    take_weights(mine, columns, range);
    if (!columns) mine.x.begin += range.begin;
    kernels.sparse_product_transposed(mine);
  });
}

#define PELLUCID_PARALLEL(T)                                                                        \
  template void parallel_product(Team&, const Kernels<T>&, const Product<T>&);                      \
  template void parallel_product(Team&, const Kernels<T>&, const SparseProduct<T>&);                \
  template void parallel_product_transposed(Team&, const Kernels<T>&, const ProductTransposed<T>&); \
  template void parallel_product_transposed(Team&, const Kernels<T>&, const SparseProductTransposed<T>&);
PELLUCID_PARALLEL(float)
PELLUCID_PARALLEL(double)
#undef PELLUCID_PARALLEL

}  // namespace pellucid
