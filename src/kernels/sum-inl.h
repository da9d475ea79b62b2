// A long sum with vectors, in the order that kernels/tree.h fixes. Included once per target, inside foreach_target.
// Not here: the terms (kernels/simple.cc, kernels/rows.cc).
#if defined(PELLUCID_KERNELS_SUM_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_SUM_INL_H
#undef PELLUCID_KERNELS_SUM_INL_H
#else
#define PELLUCID_KERNELS_SUM_INL_H
#endif

#include <algorithm>

#include "kernels/simd-inl.h"
#include "kernels/tree.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

/// fold_lanes (kernels/tree.h) within one vector.
template <class D>
HWY_INLINE hn::TFromD<D> fold_halves(D, hn::Vec<D> v) noexcept {
  if constexpr (hn::MaxLanes(D()) == 1) {
    return hn::GetLane(v);
  } else {
    const hn::Half<D> half;
    return fold_halves(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  }
}

/// fold_halves for a vector whose lanes from n on hold +0 and in which no other lane holds -0; skips additions of
/// zeros.
template <class D>
HWY_INLINE hn::TFromD<D> fold_first(D d, hn::Vec<D> v, std::int64_t n) noexcept {
  if constexpr (hn::MaxLanes(D()) > 4) {
    const hn::Half<D> half;
    if (n <= static_cast<std::int64_t>(hn::MaxLanes(half))) return fold_first(half, hn::LowerHalf(half, v), n);
  }
  return fold_halves(d, v);
}

template <class T, class Term>
HWY_INLINE T block_sum(std::int64_t begin, std::int64_t end, Term term) noexcept {
  constexpr int N = Lanes<T>::count, vectors = sum_lanes / N;
  Lanes<T> held[vectors];
  for (int v = 0; v < vectors; ++v) held[v] = Lanes<T>(0.0);
  std::int64_t i = begin;
  for (; i + sum_lanes <= end; i += sum_lanes) {
    for (int v = 0; v < vectors; ++v) held[v] = term(Whole<T>(), i + v * N, held[v]);
  }
  for (int v = 0; v < vectors && i < end; ++v, i += N) {
    const Part<T> part(std::min<std::int64_t>(N, end - i));
    held[v] = part.kept(term(part, i, held[v]), held[v]);
  }
  for (int half = vectors / 2; half > 0; half /= 2) {
    for (int v = 0; v < half; ++v) held[v] = held[v] + held[v + half];
  }
  return fold_halves(hn::ScalableTag<T>(), held[0].v);
}

/// Σ over n elements; term(io, i, held) adds the elements from i on to the value of the virtual lanes.
template <class T, class Term>
HWY_INLINE T sum_of(std::int64_t n, Term term) noexcept {
  if (n <= sum_block) return block_sum<T>(0, n, term);
  BlockTree<T> tree;
  for (std::int64_t begin = 0; begin < n; begin += sum_block) {
    tree.push(block_sum<T>(begin, std::min(n, begin + sum_block), term));
  }
  return tree.total();
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
