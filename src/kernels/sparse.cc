// Products with rows of the data that are mostly zeros: only what is not zero is loaded and multiplied, in the order of
// the dense chains. Not here: who finds the zeros (src/train/sparse_rows.cc), the chains (entries-inl.h), zeros that
// come and go (skip.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sparse.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <algorithm>
#include <numeric>

#include "kernels/entries-inl.h"
#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

constexpr std::int64_t worth_listing = 32;  ///< rows of the batch: fewer read w where it lies

/// Rows [row, row + rows) of the batch, all their chains.
template <class T>
HWY_INLINE void product_of_rows(const SparseProduct<T>& p, std::int64_t row, std::int64_t rows) noexcept {
  const SparseByRow<T>& x = p.x.rows;
  T* const out = (p.z ? p.z : p.y) + row * p.ldy;
  std::int32_t taken[Entries<T>::most_rows] = {};
  Entries<T> entries;
  const std::int64_t all = std::accumulate(x.count + row, x.count + row + rows, std::int64_t{0});
  const std::int64_t at_once = Entries<T>::steps_for(rows, all);
  std::int64_t k = 0;
  do {
    const std::int64_t steps = std::min(at_once, p.k - k);
    entries.clear(rows, steps);
    do {
      entries.add_listed([&](std::int64_t r, std::int64_t end, const auto& take) HWY_ATTR {
        const std::uint16_t* const column = x.column[row + r];
        std::int32_t i = taken[r];
        for (; i < x.count[row + r] && column[i] < k + end; ++i) take(column[i] - k, x.value[row + r][i]);
        taken[r] = i;
      });
    } while (entries.blocks() * block_steps < steps);
    product_of_entries(entries,
                       {p.n, p.w + k * p.ldw, p.ldw, false, k > 0 ? out : p.bias, k > 0 ? p.ldy : 0, out, p.ldy});
    k += steps;
  } while (k < p.k);
}

/// V vectors of columns from c on, row by row.
template <int V, class T, class Io>
HWY_INLINE void few_rows(const SparseProduct<T>& p, Io io, std::int64_t c) noexcept {
  constexpr std::int64_t N = Lanes<T>::count;
  for (std::int64_t r = 0; r < p.m; ++r) {
    Lanes<T> chain[V];
    for (int v = 0; v < V; ++v) chain[v] = p.bias ? io.load(p.bias + c + v * N) : Lanes<T>(0.0);
    const std::uint16_t* column = p.x.rows.column[r];
    const T* value = p.x.rows.value[r];
    for (std::int32_t i = 0; i < p.x.rows.count[r]; ++i) {
      const Lanes<T> factor(hn::Set(hn::ScalableTag<T>(), value[i]));
      HWY_UNROLL(8)
      for (int v = 0; v < V; ++v) chain[v] = fma(factor, io.load(p.w + column[i] * p.ldw + c + v * N), chain[v]);
    }
    T* out = (p.z ? p.z : p.y) + r * p.ldy + c;
    for (int v = 0; v < V; ++v) io.store(chain[v], out + v * N);
  }
}

/// The sums of one batch of entries.
template <class T>
HWY_FLATTEN void entries_product(const SparseProduct<T>& p) noexcept {
  if (p.m >= worth_listing) {
    return each_tile(p.m, Entries<T>::most_rows,
                     [&](std::int64_t row, std::int64_t rows) HWY_ATTR { product_of_rows(p, row, rows); });
  }
  each_panel<T>(p.n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
    few_rows<decltype(vectors)::value>(p, io, c);
  });
}

/// Rows [first, first + rows) of the weights and their whole gradients.
template <class T>
HWY_INLINE void gradient_of_rows(const SparseProductTransposed<T>& p, std::int64_t first, std::int64_t rows) noexcept {
  const SparseByColumn<T>& x = p.x.columns;
  std::int32_t taken[Entries<T>::most_rows];
  std::copy_n(x.begin + first, rows, taken);
  Entries<T> entries;
  entries.clear(rows, p.m);
  do {
    entries.add_listed([&](std::int64_t r, std::int64_t end, const auto& take) HWY_ATTR {
      std::int32_t i = taken[r];
      for (; i < x.begin[first + r + 1] && x.row[i] < end; ++i) take(x.row[i], x.value[i]);
      taken[r] = i;
    });
  } while (entries.blocks() * block_steps < p.m);
  const std::int64_t at = first * p.ldc;
  gradient_of_entries<T>(entries, {.m = p.m,
                                   .n = p.n,
                                   .k = rows,
                                   .x = nullptr,
                                   .ldx = 0,
                                   .d = p.d,
                                   .ldd = p.ldd,
                                   .c = p.c ? p.c + at : nullptr,
                                   .ldc = p.ldc,
                                   .update = p.update.rule < 0 ? p.update : from(p.update, at)});
}

}  // namespace

template <class T>
void sparse_product(const SparseProduct<T>& p) noexcept {
  p.x.sorted.band ? sorted_product(p) : entries_product(p);
  if (p.epilogue.activation >= 0) {
    activate_rows(p.epilogue, p.m, p.n, p.z ? p.z : p.y, p.ldy, p.y, p.ldy);
  } else if (p.z) {
    for (std::int64_t r = 0; r < p.m; ++r) std::copy_n(p.z + r * p.ldy, p.n, p.y + r * p.ldy);
  }
}

template <class T>
HWY_FLATTEN void sparse_product_transposed(const SparseProductTransposed<T>& p) noexcept {
  if (p.x.sorted.band) return sorted_product_transposed(p);
  each_tile(p.k - p.first, Entries<T>::rows_for(p.m),
            [&](std::int64_t row, std::int64_t rows) HWY_ATTR { gradient_of_rows(p, p.first + row, rows); });
}

template void sparse_product(const SparseProduct<float>&) noexcept;
template void sparse_product(const SparseProduct<double>&) noexcept;
template void sparse_product_transposed(const SparseProductTransposed<float>&) noexcept;
template void sparse_product_transposed(const SparseProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
