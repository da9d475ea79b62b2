// Cutting a product's output into parts, and calling the kernel for each.
// Not here: which kernel a CPU runs (kernels.cc).
#include "kernels/parallel.h"

namespace pellucid {
namespace {

// About four microseconds of products: ten times what it costs to call a thread and wait for it.
constexpr double worth_a_part = 5e5;
// Columns a thread owns begin at multiples of this (whole cache lines, whole register tiles) …
constexpr std::int64_t column_grain = 64;
// … and below this many a thread, neighbours would share lines and tiles more than they gain.
constexpr std::int64_t least_columns = 128;
constexpr std::int64_t row_grain = 8;

bool by_columns(std::int64_t n, int parts) { return n >= least_columns * parts; }

}  // namespace

int part_count(const Team& team, double operations) noexcept {
  return static_cast<int>(std::clamp(operations / worth_a_part, 1.0, static_cast<double>(team.size())));
}

Range1 part_of(std::int64_t n, int part, int parts, std::int64_t grain) noexcept {
  const std::int64_t grains = (n + grain - 1) / grain;
  return {std::min(n, grains * part / parts * grain), std::min(n, grains * (part + 1) / parts * grain)};
}

template <class T>
void parallel_product(Team& team, const Kernels<T>& kernels, const Product<T>& p) {
  const int parts = part_count(team, 2.0 * static_cast<double>(p.m) * static_cast<double>(p.n) * static_cast<double>(p.k));
  if (parts == 1) return kernels.product(p);
  const bool columns = by_columns(p.n, parts);
  team.run(parts, [&](int part) {
    const FloatEnvironment<T> environment;
    const Range1 range = part_of(columns ? p.n : p.m, part, parts, columns ? column_grain : row_grain);
    if (range.size() == 0) return;
    Product<T> mine = p;
    if (columns) {
      mine.n = range.size();
      mine.w += range.begin;
      if (mine.bias) mine.bias += range.begin;
    } else {
      mine.m = range.size();
      mine.x += range.begin * p.ldx;
    }
    const std::int64_t offset = columns ? range.begin : range.begin * p.ldy;
    mine.y += offset;
    if (mine.z) mine.z += offset;
    kernels.product(mine);
  });
}

template <class T>
void parallel_product_transposed(Team& team, const Kernels<T>& kernels, const ProductTransposed<T>& p) {
  const int parts = part_count(team, 2.0 * static_cast<double>(p.m) * static_cast<double>(p.n) * static_cast<double>(p.k));
  if (parts == 1) return kernels.product_transposed(p);
  const bool columns = by_columns(p.n, parts);
  team.run(parts, [&](int part) {
    const FloatEnvironment<T> environment;
    const Range1 range = part_of(columns ? p.n : p.k, part, parts, columns ? column_grain : row_grain);
    if (range.size() == 0) return;
    ProductTransposed<T> mine = p;
    if (columns) {
      mine.n = range.size();
      mine.d += range.begin;
    } else {
      mine.k = range.size();
      mine.x += range.begin;
    }
    const std::int64_t offset = columns ? range.begin : range.begin * p.ldc;
    if (mine.c) mine.c += offset;
    if (mine.update.w) mine.update.w += offset;
    for (T*& slot : mine.update.slots) slot = slot ? slot + offset : nullptr;
    kernels.product_transposed(mine);
  });
}

template void parallel_product(Team&, const Kernels<float>&, const Product<float>&);
template void parallel_product(Team&, const Kernels<double>&, const Product<double>&);
template void parallel_product_transposed(Team&, const Kernels<float>&, const ProductTransposed<float>&);
template void parallel_product_transposed(Team&, const Kernels<double>&, const ProductTransposed<double>&);

}  // namespace pellucid
