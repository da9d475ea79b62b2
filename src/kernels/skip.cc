// Products whose first factor has many zeros, for example after a relu or dropout. The zeros are found during the
// product and skipped. Same bits as the dense products where the other factor is finite, except for the sign of a zero.
// Not here: zeros of the data, which are found once before training (kernels/sparse.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/skip.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/entries-inl.h"
#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

// Measured: a product that is not skipped takes as long as 1.2 to 1.5 dense ones, because it needs its own load.
constexpr double most_kept = 0.55;
constexpr std::int64_t least_rows = 32, least_columns = 64, least_operations = std::int64_t{1} << 20;
constexpr std::int64_t sampled_rows = 8;

/// Estimates from a sample of rows whether at most the share most_kept of a's elements is nonzero.
HWY_FLATTEN bool is_mostly_zeros(std::int64_t rows, std::int64_t columns, const float* a, std::int64_t lda) noexcept {
  const hn::ScalableTag<float> d;
  std::size_t kept = 0;
  for (std::int64_t i = 0; i < sampled_rows; ++i) {
    const float* row = a + i * rows / sampled_rows * lda;
    for (std::int64_t c = 0; c + Lanes<float>::count <= columns; c += Lanes<float>::count)
      kept += hn::CountTrue(d, hn::Ne(hn::LoadU(d, row + c), hn::Zero(d)));
  }
  return static_cast<double>(kept) <= most_kept * static_cast<double>(sampled_rows * columns);
}

/// Computes some rows of the batch, each with complete chains.
void product_of_rows(const Product<float>& p) noexcept {
  Entries<float> entries;
  const std::int64_t at_once = Entries<float>::steps_for(p.m);
  float* const z = p.z ? p.z : p.y;
  for (std::int64_t k = 0; k < p.k; k += at_once) {
    const std::int64_t steps = std::min(at_once, p.k - k);
    entries.clear(p.m, steps);
    for (std::int64_t i = 0; i < steps; i += block_steps)
      entries.add(std::min(block_steps, steps - i), p.x + k + i, p.ldx);
    product_of_entries(entries, {p.n, p.w_transposed ? p.w + k : p.w + k * p.ldw, p.ldw, p.w_transposed,
                                 k > 0 ? z : p.bias, k > 0 ? p.ldy : 0, z, p.ldy});
  }
  if (p.epilogue.activation >= 0) {
    activate_rows(p.epilogue, p.m, p.n, z, p.ldy, p.y, p.ldy);
  } else if (p.z) {
    for (std::int64_t r = 0; r < p.m; ++r) std::copy_n(p.z + r * p.ldy, p.n, p.y + r * p.ldy);
  }
}

/// Computes some rows of the weights with their complete gradients.
void gradient_of_rows(const ProductTransposed<float>& p) noexcept {
  Entries<float> entries;
  entries.clear(p.k, p.m);
  for (std::int64_t row = 0; row < p.m; row += block_steps) {
    const std::int64_t steps = std::min(block_steps, p.m - row);
    HWY_ALIGN float turned[Entries<float>::most_rows * block_steps];
    transpose(steps, p.k, p.x + row * p.ldx, p.ldx, turned, block_steps);
    entries.add(steps, turned, block_steps);
  }
  gradient_of_entries(entries, p);
}

}  // namespace

bool has_zeros_to_skip(const Product<float>& p) noexcept {
  return p.m >= least_rows && p.n >= least_columns && p.k >= least_columns && p.m * p.n * p.k >= least_operations &&
         is_mostly_zeros(p.m, p.k, p.x, p.ldx);
}

bool has_zeros_to_skip(const ProductTransposed<float>& p) noexcept {
  return p.m >= least_rows && p.m <= Entries<float>::room / least_rows && p.n >= least_columns &&
         p.k >= least_columns && p.m * p.n * p.k >= least_operations && is_mostly_zeros(p.m, p.k, p.x, p.ldx);
}

HWY_FLATTEN void product_skipping(const Product<float>& p) noexcept {
  each_tile(p.m, Entries<float>::most_rows, [&](std::int64_t row, std::int64_t rows) {
    Product<float> part = p;
    part.m = rows;
    part.x += row * p.ldx;
    part.y += row * p.ldy;
    if (p.z) part.z += row * p.ldy;
    product_of_rows(part);
  });
}

HWY_FLATTEN void gradient_skipping(const ProductTransposed<float>& p) noexcept {
  each_tile(p.k, Entries<float>::rows_for(p.m), [&](std::int64_t k, std::int64_t rows) {
    ProductTransposed<float> part = p;
    part.k = rows;
    part.x += k;
    if (p.c) part.c += k * p.ldc;
    if (p.update.rule >= 0) part.update = from(p.update, k * p.ldc);
    gradient_of_rows(part);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
