// Products with rows that are mostly zeros: only what is not zero is loaded and multiplied, in the order of the dense
// chains. Not here: who finds the zeros (src/train/sparse_rows.cc), the dense products (product.cc,
// product_transposed.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sparse.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <algorithm>

#include "kernels/parts-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "optimizers/formulas.inc"

// A chain must wait for its last multiply-add: so many vectors side by side keep the machine busy meanwhile.
constexpr int widest = 8;

/// Calls body(vectors, io, column) for panels of n columns: 8 whole vectors, then single ones, then what is left.
template <class T, class Body>
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

/// Calls what(io, row, column, gradient) for each vector of the weights whose input column holds entries, or for all.
template <class T, class What>
HWY_INLINE void each_column(const SparseProductTransposed<T>& p, bool every_row, const What& what) noexcept {
  const SparseByColumn<T>& x = p.x.columns;
  each_panel<T>(p.n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
    constexpr int V = decltype(vectors)::value;
    for (std::int64_t k = p.first; k < p.k; ++k) {
      const std::int64_t begin = x.begin[k], count = x.begin[k + 1] - begin;
      if (count == 0 && !every_row) continue;
      Lanes<T> chain[V];
      for (int v = 0; v < V; ++v) chain[v] = Lanes<T>(0.0);
      const std::int32_t* row = x.row + begin;
      sum_entries<V>(
          count, x.value + begin, [&](std::int64_t i) HWY_ATTR { return p.d + row[i] * p.ldd + c; }, io, chain);
      for (int v = 0; v < V; ++v) what(io, k, c + v * Lanes<T>::count, chain[v]);
    }
  });
}

template <class T, class Rule>
HWY_FLATTEN void update_loop(const SparseProductTransposed<T>& p) noexcept {
  const bool every_row = Rule::slots > 0 || p.update.step.l2 > 0 || p.update.step.l1 > 0;
  with_stepper<T, Rule>(p.update, [&](auto stepper) HWY_ATTR {
    each_column(p, every_row, [&](auto io, std::int64_t row, std::int64_t c, Lanes<T> g) HWY_ATTR {
      stepper.step(io, row * p.ldc + c, g);
    });
  });
}

#define PELLUCID_KIND(Type, name) &update_loop<T, Type>,
template <class T>
constexpr void (*update_loops[])(const SparseProductTransposed<T>&) noexcept = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

/// The sums of one batch of entries.
template <class T>
HWY_FLATTEN void entries_product(const SparseProduct<T>& p) noexcept {
  const SparseByRow<T>& x = p.x.rows;
  each_panel<T>(p.n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
    constexpr int V = decltype(vectors)::value;
    for (std::int64_t r = 0; r < p.m; ++r) {
      Lanes<T> chain[V];
      for (int v = 0; v < V; ++v) chain[v] = p.bias ? io.load(p.bias + c + v * Lanes<T>::count) : Lanes<T>(0.0);
      const std::uint16_t* column = x.column[r];
      sum_entries<V>(
          x.count[r], x.value[r], [&](std::int64_t i) HWY_ATTR { return p.w + column[i] * p.ldw + c; }, io, chain);
      T* out = (p.z ? p.z : p.y) + r * p.ldy + c;
      for (int v = 0; v < V; ++v) io.store(chain[v], out + v * Lanes<T>::count);
    }
  });
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
  each_column(p, true, [&](auto io, std::int64_t row, std::int64_t c, Lanes<T> g) HWY_ATTR {
    io.store(g, p.c + row * p.ldc + c);
  });
}

template void sparse_product(const SparseProduct<float>&) noexcept;
template void sparse_product(const SparseProduct<double>&) noexcept;
template void sparse_product_transposed(const SparseProductTransposed<float>&) noexcept;
template void sparse_product_transposed(const SparseProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
