// Products with data that are mostly zeros: loads and multiplies only the nonzero elements, in the order of the dense
// chains.
// Not here: collecting the entries (batches/sparse_block.cc), zeros that change at every step (kernels/skip.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sparse.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <algorithm>

#include "kernels/compress-inl.h"
#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "optimizers/formulas.inc"

/// If the batch has at most this many rows, the panel of d is copied to contiguous memory.
constexpr std::int64_t panel_rows = 256;

/// Computes V vectors of columns from column c on. Between bands, partial sums are stored in the output.
template <int V, class T, class Io>
HWY_INLINE void product_of_panel(const SparseProduct<T>& p, std::int64_t c, Io io) noexcept {
  constexpr std::int64_t N = Lanes<T>::count;
  const SparseInput<T> x = p.x;
  const T* const w = p.w + c;
  for (std::int64_t b = 0; b < x.bands; ++b) {
    for (std::int64_t r = 0; r < p.m; ++r) {
      T* const out = (p.z ? p.z : p.y) + r * p.ldy + c;
      const T* const start = b > 0 ? out : p.bias ? p.bias + c : nullptr;
      Lanes<T> chain[V];
      for (int v = 0; v < V; ++v) chain[v] = start ? io.load(start + v * N) : Lanes<T>(0.0);
      const std::int32_t* const band = x.band + r * (x.bands + 1) + b;
      const std::int32_t end = band[1];
      for (std::int32_t i = band[0]; i < end; ++i) {
        const Lanes<T> factor(hn::Set(hn::ScalableTag<T>(), x.value[i]));
        const T* const across = w + x.column[i] * p.ldw;
        HWY_UNROLL(8)
        for (int v = 0; v < V; ++v) chain[v] = fma(factor, io.load(across + v * N), chain[v]);
      }
      for (int v = 0; v < V; ++v) io.store(chain[v], out + v * N);
    }
  }
}

/// Calls what.step(io, place, gradient) for V vectors of columns from c on, for the rows [p.first, p.k) of the weights
/// that have at least `least` entries.
template <int V, class T, class Io, class What>
HWY_INLINE void gradients_of_panel(const SparseProductTransposed<T>& p, std::int64_t c, Io io, std::int64_t least,
                                   const What what) noexcept {
  constexpr std::int64_t N = Lanes<T>::count, width = V * N;
  const SparseInput<T> x = p.x;
  HWY_ALIGN T panel[panel_rows * width];
  const bool fits = p.m <= panel_rows;
  if (fits) copy_rows(p.m, std::min(width, p.n - c), p.d + c, p.ldd, panel, width);
  const T* const rows = fits ? panel : p.d + c;
  const std::int64_t ldrows = fits ? width : p.ldd;
  // Local copies, because g++ must assume that a store changes p.
  const std::int64_t m = p.m, ldc = p.ldc, from = p.first, to = p.k;
  const ColumnEntry<T>* group = x.entry;
  for (std::int64_t g = least; g <= m; ++g) {
    const std::uint16_t *const begin = x.order + x.group[g], *const end = x.order + x.group[g + 1];
    const std::uint16_t* const first = from == 0 ? begin : std::lower_bound(begin, end, from);
    const ColumnEntry<T>* e = group + (first - begin) * g;
    group += (end - begin) * g;
    for (const std::uint16_t* k = first; k < end && *k < to; ++k) {
      const std::int64_t at = *k * ldc + c, soon = k[SparseInput<T>::ahead] * ldc + c;
      for (int v = 0; v < V; ++v) what.prefetch(soon + v * N);
      Lanes<T> chain[V];
      for (int v = 0; v < V; ++v) chain[v] = Lanes<T>(0.0);
      for (const ColumnEntry<T>* const last = e + g; e < last; ++e) {
        const Lanes<T> factor(hn::Set(hn::ScalableTag<T>(), e->value));
        const T* const d = rows + e->row * ldrows;
        HWY_UNROLL(8)
        for (int v = 0; v < V; ++v) chain[v] = fma(factor, io.load(d + v * N), chain[v]);
      }
      for (int v = 0; v < V; ++v) what.step(io, at + v * N, chain[v]);
    }
  }
}

template <class T, class What>
HWY_INLINE void each_gradient(const SparseProductTransposed<T>& p, bool every_row, const What& what) noexcept {
  each_panel<T>(p.n, [&](auto vectors, auto io, std::int64_t c)
                         HWY_ATTR { gradients_of_panel<decltype(vectors)::value>(p, c, io, every_row ? 0 : 1, what); });
}

template <class T, class Rule>
HWY_FLATTEN void update_loop(const SparseProductTransposed<T>& p) noexcept {
  const bool every_row = Rule::slots > 0 || p.update.step.l2 > 0 || p.update.step.l1 > 0;
  with_weight_update<T, Rule>(p.update,
                              [&](auto update_weights) HWY_ATTR { each_gradient(p, every_row, update_weights); });
}

#define PELLUCID_KIND(Type, name) &update_loop<T, Type>,
template <class T>
constexpr void (*update_loops[])(const SparseProductTransposed<T>&) noexcept = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

/// A list to which the kept lanes of vectors are appended.
template <class T>
struct List {
  template <class D>
  HWY_INLINE void add(D d, hn::Vec<D> v, hn::Mask<D> kept) noexcept {
    const hn::Rebind<T, D> as;
    const auto chosen = compressed(d, v, kept, MaskBits(d, kept));
    if constexpr (sizeof(T) == sizeof(hn::TFromD<D>)) {
      hn::StoreU(chosen, as, data + count);
    } else {
      hn::StoreU(hn::DemoteTo(as, chosen), as, data + count);
    }
    count += static_cast<std::int64_t>(hn::CountTrue(d, kept));
  }
  T* data;
  std::int64_t count = 0;
};

/// For low counts. First lists the numbers with a nonzero count together with that count; then collects the numbers of
/// each count from this list.
HWY_INLINE void sort_by_low_count(std::int64_t n, const std::int32_t* count, std::int64_t most, std::int32_t* group,
                                  std::uint16_t* order) noexcept {
  constexpr int bits = 16;  // the number is in the lower 16 bits, its count above
  constexpr std::int64_t N = HWY_LANES(std::int32_t), most_numbers = std::int64_t{1} << bits;
  const hn::ScalableTag<std::int32_t> d;
  std::int32_t words[most_numbers + 2 * N];
  List<std::int32_t> counted{words};
  List<std::uint16_t> placed{order};
  auto number = hn::Iota(d, 0);
  for (std::int64_t i = 0; i < n; i += N, number = hn::Add(number, hn::Set(d, N))) {
    const auto counts = hn::LoadU(d, count + i);
    const auto inside = hn::Lt(number, hn::Set(d, static_cast<std::int32_t>(n)));
    const auto some = hn::And(inside, hn::Gt(counts, hn::Zero(d)));
    counted.add(d, hn::Or(number, hn::ShiftLeft<bits>(counts)), some);
    placed.add(d, number, hn::AndNot(some, inside));
  }
  hn::StoreU(hn::Zero(d), d, words + counted.count);  // end marker that belongs to no count
  group[0] = 0;
  for (std::int64_t g = 1; g <= most; ++g) {
    group[g] = static_cast<std::int32_t>(placed.count);
    for (std::int64_t i = 0; i < counted.count && placed.count < n; i += N) {
      const auto word = hn::LoadU(d, words + i);
      const auto here = hn::Eq(hn::ShiftRight<bits>(word), hn::Set(d, static_cast<std::int32_t>(g)));
      placed.add(d, hn::And(word, hn::Set(d, most_numbers - 1)), here);
    }
  }
  group[most + 1] = static_cast<std::int32_t>(placed.count);
}

constexpr std::int64_t most_low_count = 48;  // above this, sorting one number after the other is faster

}  // namespace

HWY_FLATTEN void sort_by_count(std::int64_t n, const std::int32_t* count, std::int64_t most, std::int32_t* group,
                               std::uint16_t* order) noexcept {
  if (most <= most_low_count) return sort_by_low_count(n, count, most, group, order);
  // group[g + 1] first holds the counts, then the position of the next number with count g, and finally the end of
  // these numbers.
  std::fill_n(group, most + 2, 0);
  for (std::int64_t i = 0; i < n; ++i) ++group[count[i] + 1];
  for (std::int64_t g = 1; g < most + 2; ++g) group[g] += group[g - 1];
  for (std::int64_t i = 0; i < n; ++i) order[group[count[i]]++] = static_cast<std::uint16_t>(i);
  std::copy_backward(group, group + most + 1, group + most + 2);
  group[0] = 0;
}

template <class T>
HWY_FLATTEN void sparse_product(const SparseProduct<T>& p) noexcept {
  each_panel<T>(p.n, [&](auto vectors, auto io, std::int64_t c)
                         HWY_ATTR { product_of_panel<decltype(vectors)::value>(p, c, io); });
  if (p.epilogue.activation >= 0) {
    activate_rows(p.epilogue, p.m, p.n, p.z ? p.z : p.y, p.ldy, p.y, p.ldy);
  } else if (p.z) {
    for (std::int64_t r = 0; r < p.m; ++r) std::copy_n(p.z + r * p.ldy, p.n, p.y + r * p.ldy);
  }
}

template <class T>
HWY_FLATTEN void sparse_product_transposed(const SparseProductTransposed<T>& p) noexcept {
  if (p.update.rule >= 0) return update_loops<T>[p.update.rule](p);
  each_gradient(p, true, Storer<T>{p.c});
}

template void sparse_product(const SparseProduct<float>&) noexcept;
template void sparse_product(const SparseProduct<double>&) noexcept;
template void sparse_product_transposed(const SparseProductTransposed<float>&) noexcept;
template void sparse_product_transposed(const SparseProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
