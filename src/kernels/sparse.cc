// Products with rows that are mostly zeros: only what is not zero is loaded and multiplied, in the order of the dense
// chains. Not here: who finds the zeros (src/train/sparse_rows.cc), the dense products (product.cc,
// product_transposed.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sparse.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <algorithm>

#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "optimizers/formulas.inc"

// A chain must wait for its last multiply-add: so many vectors side by side keep the machine busy meanwhile. In
// backward fewer, so that the rows of d stay in L1.
constexpr int forward_vectors = 8, backward_vectors = 4;
constexpr std::int64_t rows_at_once = 256;  ///< of the batch: whose places are remembered, or whose d is copied
constexpr std::int64_t worth_copying = 32;  ///< rows of the batch that read a copy
constexpr std::int64_t rows_ahead = 8;      ///< of the weights: between fetching them and their step

/// Calls body(vectors, io, column) for panels of n columns: `widest` whole vectors, then half of it, then single ones,
/// then what is left.
template <class T, int widest, class Body>
HWY_INLINE void each_panel(std::int64_t n, const Body& body) noexcept {
  constexpr std::int64_t lanes = Lanes<T>::count;
  std::int64_t c = 0;
  for (; c + widest * lanes <= n; c += widest * lanes) body(std::integral_constant<int, widest>(), Whole<T>(), c);
  for (; c + widest / 2 * lanes <= n; c += widest / 2 * lanes)
    body(std::integral_constant<int, widest / 2>(), Whole<T>(), c);
  for (; c + lanes <= n; c += lanes) body(std::integral_constant<int, 1>(), Whole<T>(), c);
  if (c < n) body(std::integral_constant<int, 1>(), Part<T>(n - c), c);
}

/// chain[v] += Σ value[i] · row(i), ascending i; row(i): where the vectors of entry i begin.
template <int V, class T, class Io, class Row>
HWY_INLINE void sum_entries(std::int64_t count, const T* value, const Row& row, Io io, Lanes<T> (&chain)[V]) noexcept {
  for (std::int64_t i = 0; i < count; ++i) {
    const Lanes<T> factor(hn::Set(hn::ScalableTag<T>(), value[i]));
    const T* from = row(i);
    HWY_UNROLL(8)
    for (int v = 0; v < V; ++v) chain[v] = fma(factor, io.load(from + v * Lanes<T>::count), chain[v]);
  }
}

/// V vectors of the gradient from column c on, for each row of the weights whose input column holds entries, or for
/// all: what.step(io, place, gradient) for each vector, after what.prefetch(place) some rows before. d begins at column
/// c.
template <int V, class T, class Io, class What>
HWY_INLINE void gradient_panel(const SparseProductTransposed<T>& p, const T* d, std::int64_t ldd, bool every_row, Io io,
                               std::int64_t c, const What& what) noexcept {
  constexpr std::int64_t N = Lanes<T>::count;
  const SparseByColumn<T>& x = p.x.columns;
  for (std::int64_t k = p.first; k < p.k; ++k) {
    const std::int64_t begin = x.begin[k], count = x.begin[k + 1] - begin;
    if (count == 0 && !every_row) continue;
    const std::int64_t soon = std::min(k + rows_ahead, p.k - 1);
    for (int v = 0; every_row && v < V; ++v) what.prefetch(soon * p.ldc + c + v * N);
    Lanes<T> chain[V];
    for (int v = 0; v < V; ++v) chain[v] = Lanes<T>(0.0);
    const std::int32_t* row = x.row + begin;
    sum_entries<V>(
        count, x.value + begin, [&](std::int64_t i) HWY_ATTR { return d + row[i] * ldd; }, io, chain);
    for (int v = 0; v < V; ++v) what.step(io, k * p.ldc + c + v * N, chain[v]);
  }
}

/// All of them. The columns of d that belong together are copied to where they stay in L1, if they do not lie so.
template <class T, class What>
HWY_INLINE void each_column(const SparseProductTransposed<T>& p, bool every_row, const What& what) noexcept {
  each_panel<T, backward_vectors>(p.n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
    constexpr int V = decltype(vectors)::value;
    constexpr std::int64_t width = V * Lanes<T>::count;
    const T* d = p.d + c;
    std::int64_t ldd = p.ldd;
    HWY_ALIGN T copied[rows_at_once * width];
    if (p.m >= worth_copying && p.m <= rows_at_once && ldd > width) {
      copy_rows(p.m, std::min(width, p.n - c), d, ldd, copied, width);
      d = copied;
      ldd = width;
    }
    gradient_panel<V>(p, d, ldd, every_row, io, c, what);
  });
}

template <class T, class Rule>
HWY_FLATTEN void update_loop(const SparseProductTransposed<T>& p) noexcept {
  const bool every_row = Rule::slots > 0 || p.update.step.l2 > 0 || p.update.step.l1 > 0;
  with_stepper<T, Rule>(p.update, [&](auto stepper) HWY_ATTR { each_column(p, every_row, stepper); });
}

#define PELLUCID_KIND(Type, name) &update_loop<T, Type>,
template <class T>
constexpr void (*update_loops[])(const SparseProductTransposed<T>&) noexcept = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

/// Rows of w that are copied to where they stay in L1.
template <class T>
constexpr std::int64_t block_rows = (HWY_CAP_GE512 ? 32 : 16) * 1024 /
                                    (forward_vectors * HWY_LANES(T) * std::int64_t{sizeof(T)});

/// The entries that each of at most rows_at_once rows has in one block of w.
template <class T>
struct Block {
  std::int64_t first_row, rows, begin, end;  ///< rows of the batch; rows of w
  std::int32_t entry[rows_at_once] = {};
  std::int32_t count[rows_at_once] = {};

  /// On to the block that begins where this one ends.
  void advance(const SparseProduct<T>& p) noexcept {
    begin = end;
    end = std::min(p.k, begin + block_rows<T>);
    for (std::int64_t r = 0; r < rows; ++r) {
      entry[r] += count[r];
      const std::uint16_t* const column = p.x.rows.column[first_row + r] + entry[r];
      const std::int32_t left = p.x.rows.count[first_row + r] - entry[r];
      count[r] = 0;
      while (count[r] < left && column[count[r]] < end) ++count[r];
    }
  }
};

/// The chains of V vectors of columns from c on go on by one block.
template <int V, class T, class Io>
HWY_INLINE void product_of_block(const SparseProduct<T>& p, const Block<T>& block, Io io, std::int64_t c) noexcept {
  constexpr std::int64_t width = V * Lanes<T>::count;
  HWY_ALIGN T w[block_rows<T> * width];
  copy_rows(block.end - block.begin, std::min(width, p.n - c), p.w + block.begin * p.ldw + c, p.ldw, w, width);
  T* out = (p.z ? p.z : p.y) + block.first_row * p.ldy + c;
  for (std::int64_t r = 0; r < block.rows; ++r, out += p.ldy) {
    Lanes<T> chain[V];
    const T* const start = block.begin > 0 ? out : p.bias ? p.bias + c : nullptr;
    for (int v = 0; v < V; ++v) chain[v] = start ? io.load(start + v * Lanes<T>::count) : Lanes<T>(0.0);
    const std::uint16_t* const column = p.x.rows.column[block.first_row + r] + block.entry[r];
    sum_entries<V>(
        block.count[r], p.x.rows.value[block.first_row + r] + block.entry[r],
        [&](std::int64_t i) HWY_ATTR { return w + (column[i] - block.begin) * width; }, Whole<T>(), chain);
    for (int v = 0; v < V; ++v) io.store(chain[v], out + v * Lanes<T>::count);
  }
}

/// A long batch: all rows meet one block of w after the other, while it is in L1.
template <class T>
HWY_INLINE void product_by_blocks(const SparseProduct<T>& p) noexcept {
  for (std::int64_t r = 0; r < p.m; r += rows_at_once) {
    Block<T> block{r, std::min(rows_at_once, p.m - r), 0, 0};
    do {
      block.advance(p);
      each_panel<T, forward_vectors>(p.n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
        product_of_block<decltype(vectors)::value>(p, block, io, c);
      });
    } while (block.end < p.k);
  }
}

/// V vectors of columns from c on, row by row.
template <int V, class T, class Io>
HWY_INLINE void product_by_rows(const SparseProduct<T>& p, Io io, std::int64_t c) noexcept {
  for (std::int64_t r = 0; r < p.m; ++r) {
    Lanes<T> chain[V];
    for (int v = 0; v < V; ++v) chain[v] = p.bias ? io.load(p.bias + c + v * Lanes<T>::count) : Lanes<T>(0.0);
    const std::uint16_t* column = p.x.rows.column[r];
    sum_entries<V>(
        p.x.rows.count[r], p.x.rows.value[r], [&](std::int64_t i) HWY_ATTR { return p.w + column[i] * p.ldw + c; }, io,
        chain);
    T* out = (p.z ? p.z : p.y) + r * p.ldy + c;
    for (int v = 0; v < V; ++v) io.store(chain[v], out + v * Lanes<T>::count);
  }
}

/// The sums of one batch of entries.
template <class T>
HWY_FLATTEN void entries_product(const SparseProduct<T>& p) noexcept {
  if (p.m >= worth_copying) return product_by_blocks(p);
  each_panel<T, forward_vectors>(p.n, [&](auto vectors, auto io, std::int64_t c)
                                          HWY_ATTR { product_by_rows<decltype(vectors)::value>(p, io, c); });
}

}  // namespace

template <class T>
void sparse_product(const SparseProduct<T>& p) noexcept {
  p.x.kept.column ? kept_product(p) : entries_product(p);
  if (p.epilogue.activation >= 0) {
    activate_rows(p.epilogue, p.m, p.n, p.z ? p.z : p.y, p.ldy, p.y, p.ldy);
  } else if (p.z) {
    for (std::int64_t r = 0; r < p.m; ++r) std::copy_n(p.z + r * p.ldy, p.n, p.y + r * p.ldy);
  }
}

template <class T>
HWY_FLATTEN void sparse_product_transposed(const SparseProductTransposed<T>& p) noexcept {
  if (p.x.kept.column) return kept_product_transposed(p);
  if (p.update.rule >= 0) return update_loops<T>[p.update.rule](p);
  each_column(p, true, Storer<T>{p.c});
}

template void sparse_product(const SparseProduct<float>&) noexcept;
template void sparse_product(const SparseProduct<double>&) noexcept;
template void sparse_product_transposed(const SparseProductTransposed<float>&) noexcept;
template void sparse_product_transposed(const SparseProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
