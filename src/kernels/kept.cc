// Products with a small batch whose all-zero columns are left out: dense tiles over the columns that are kept.
// Not here: batches by single entries (sparse.cc), who finds the columns (src/train/sparse_rows.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/kept.cc"
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

// Tiles: in forward rows of the batch by vectors of chains; in backward so many vectors of eight rows of d.
constexpr int rows_ahead = 8;  // no processor can guess which rows of the weights come next: they are fetched by hand
constexpr int forward_rows = HWY_CAP_GE512 ? 8 : 4, forward_vectors = 2;
constexpr int backward_vectors = HWY_CAP_GE512 ? 2 : 1;
static_assert(kept_row_grain % forward_rows == 0);

/// Calls body(C, io, column) for panels of `most` whole vectors, then of one, then of what is left.
template <class T, int most, class Body>
HWY_INLINE void each_columns(std::int64_t n, const Body& body) noexcept {
  constexpr std::int64_t lanes = Lanes<T>::count;
  std::int64_t c = 0;
  for (; c + most * lanes <= n; c += most * lanes) body(std::integral_constant<int, most>(), Whole<T>(), c);
  for (; c + lanes <= n; c += lanes) body(std::integral_constant<int, 1>(), Whole<T>(), c);
  if (c < n) body(std::integral_constant<int, 1>(), Part<T>(n - c), c);
}

/// Rows from r on, C vectors of columns from c on: the chains in registers. Rows behind the last are zeros.
template <int C, class Io, class T>
HWY_INLINE void forward_tile(const SparseProduct<T>& p, std::int64_t r, std::int64_t c, Io io) noexcept {
  constexpr int R = forward_rows, N = Lanes<T>::count;
  const KeptColumns<T> kept = p.x.kept;
  Lanes<T> chain[R][C];
  HWY_UNROLL(8)
  for (int i = 0; i < R; ++i) {
    for (int j = 0; j < C; ++j) chain[i][j] = p.bias ? io.load(p.bias + c + j * N) : Lanes<T>(0.0);
  }
  for (std::int64_t k = 0; k < kept.count; ++k) {
    const T* factors = kept.value + k * kept.stride + r;
    const T* w = p.w + kept.column[k] * p.ldw + c;
    const T* soon = p.w + kept.column[k + rows_ahead] * p.ldw + c;
    Lanes<T> across[C];
    for (int j = 0; j < C; ++j) across[j] = io.load(w + j * N);
    for (int j = 0; j < C; ++j) hwy::Prefetch(soon + j * N);
    HWY_UNROLL(8)
    for (int i = 0; i < R; ++i) {
      const Lanes<T> factor(hn::Set(hn::ScalableTag<T>(), factors[i]));
      for (int j = 0; j < C; ++j) chain[i][j] = fma(factor, across[j], chain[i][j]);
    }
  }
  T* out = (p.z ? p.z : p.y) + r * p.ldy + c;
  HWY_UNROLL(8)
  for (int i = 0; i < R; ++i) {
    if (r + i >= p.m) break;
    for (int j = 0; j < C; ++j) io.store(chain[i][j], out + i * p.ldy + j * N);
  }
}

/// The kept columns of one call, and the sums of some of them while their chains wait for the next rows of a long
/// batch.
template <class T>
struct Gradients {
  static constexpr std::int64_t most = 64;

  // The sums are left as they are: clearing them would take as long as a small batch.
  HWY_INLINE Gradients(const SparseProductTransposed<T>& product, const std::uint16_t* columns, const T* values,
                       std::int64_t n) noexcept
      : p(product), column(columns), value(values), count(n) {}

  const SparseProductTransposed<T>& p;
  const std::uint16_t* column;
  const T* value;
  std::int64_t count;
  HWY_ALIGN T sums[most * backward_vectors * Lanes<T>::count];
};

/// The chains of the columns go on from g.sums, or from 0 with the first row, by eight rows of d, which stay in
/// registers; then step(k, j, chain) for vector j of the k-th column.
template <int C, class Io, class T, class Step>
HWY_INLINE void go_on(const Gradients<T>& g, std::int64_t r, std::int64_t c, Io io, const Step& step) noexcept {
  constexpr int D = kept_row_grain, N = Lanes<T>::count;
  Lanes<T> d[D][C];
  HWY_UNROLL(8)
  for (int i = 0; i < D; ++i) {
    for (int j = 0; j < C; ++j)
      d[i][j] = r + i < g.p.m ? io.load(g.p.d + (r + i) * g.p.ldd + c + j * N) : Lanes<T>(0.0);
  }
  const T* factors = g.value + r;
  const std::int64_t stride = g.p.x.kept.stride, count = g.count;
  for (std::int64_t k = 0; k < count; ++k, factors += stride) {
    Lanes<T> chain[C];
    for (int j = 0; j < C; ++j) chain[j] = r == 0 ? Lanes<T>(0.0) : Whole<T>().load(g.sums + (k * C + j) * N);
    HWY_UNROLL(8)
    for (int i = 0; i < D; ++i) {
      const Lanes<T> factor(hn::Set(hn::ScalableTag<T>(), factors[i]));
      for (int j = 0; j < C; ++j) chain[j] = fma(factor, d[i][j], chain[j]);
    }
    for (int j = 0; j < C; ++j) step(k, j, chain[j]);
  }
}

/// All rows but the last eight, for all kinds of steps. Returns how many.
template <int C, class Io, class T>
HWY_NOINLINE std::int64_t sum_first_rows(Gradients<T>& g, std::int64_t c, Io io) noexcept {
  std::int64_t r = 0;
  for (; r + kept_row_grain < g.p.m; r += kept_row_grain) {
    go_on<C>(g, r, c, io, [&](std::int64_t k, int j, Lanes<T> sum) HWY_ATTR {
      Whole<T>().store(sum, g.sums + (k * C + j) * Lanes<T>::count);
    });
  }
  return r;
}

template <int C, class Io, class T, class What>
HWY_INLINE void kept_gradients(Gradients<T>& g, std::int64_t c, Io io, const What what) noexcept {
  const std::int64_t r = g.p.m > kept_row_grain ? sum_first_rows<C>(g, c, io) : 0, ldc = g.p.ldc;
  const std::uint16_t* const column = g.column;
  go_on<C>(g, r, c, io, [&](std::int64_t k, int j, Lanes<T> gradient) HWY_ATTR {
    what.prefetch(column[k + rows_ahead] * ldc + c + j * Lanes<T>::count);
    what.step(io, column[k] * ldc + c + j * Lanes<T>::count, gradient);
  });
}

/// Calls what.step(io, place, gradient) for each vector of the rows [p.first, p.k) of the weights: the kept ones, and
/// where every_row is set also the others, whose gradient is 0.
template <class T, class What>
HWY_INLINE void each_gradient(const SparseProductTransposed<T>& p, bool every_row, const What& what) noexcept {
  const std::uint16_t* const end = p.x.kept.column + p.x.kept.count;
  const std::uint16_t* const from = std::lower_bound(p.x.kept.column, end, p.first);
  const std::int64_t count = std::lower_bound(from, end, p.k) - from;
  const std::int64_t block = p.m <= kept_row_grain ? count : Gradients<T>::most;  // a short batch needs no waiting sums
  each_columns<T, backward_vectors>(p.n, [&](auto columns, auto io, std::int64_t c) HWY_ATTR {
    for (std::int64_t k = 0; k < count; k += block) {
      const T* const value = p.x.kept.value + (from - p.x.kept.column + k) * p.x.kept.stride;
      Gradients<T> g(p, from + k, value, std::min(block, count - k));
      kept_gradients<decltype(columns)::value>(g, c, io, what);
    }
  });
  if (!every_row) return;
  const std::uint16_t* kept = from;
  for (std::int64_t k = p.first; k < p.k; ++k) {
    if (kept != from + count && *kept == k) {
      ++kept;
      continue;
    }
    each<T>(p.n, [&](auto io, std::int64_t c) HWY_ATTR { what.step(io, k * p.ldc + c, Lanes<T>(0.0)); });
  }
}

template <class T, class Rule>
HWY_FLATTEN void update_kept(const SparseProductTransposed<T>& p) noexcept {
  const bool every_row = Rule::slots > 0 || p.update.step.l2 > 0 || p.update.step.l1 > 0;
  with_stepper<T, Rule>(p.update, [&](auto stepper) HWY_ATTR { each_gradient(p, every_row, stepper); });
}

#define PELLUCID_KIND(Type, name) &update_kept<T, Type>,
template <class T>
constexpr void (*run_update_kept[])(const SparseProductTransposed<T>&) noexcept = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

}  // namespace

template <class T>
HWY_FLATTEN void kept_product(const SparseProduct<T>& p) noexcept {
  each_columns<T, forward_vectors>(p.n, [&](auto columns, auto io, std::int64_t c) HWY_ATTR {
    for (std::int64_t r = 0; r < p.m; r += forward_rows) forward_tile<decltype(columns)::value>(p, r, c, io);
  });
}

template <class T>
HWY_FLATTEN void kept_product_transposed(const SparseProductTransposed<T>& p) noexcept {
  if (p.update.rule >= 0) return run_update_kept<T>[p.update.rule](p);
  each_gradient(p, true, Storer<T>{p.c});
}

template void kept_product(const SparseProduct<float>&) noexcept;
template void kept_product(const SparseProduct<double>&) noexcept;
template void kept_product_transposed(const SparseProductTransposed<float>&) noexcept;
template void kept_product_transposed(const SparseProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
