// Transposing a few columns of one vector's worth of rows in registers. Included once per target, inside
// foreach_target.
// Not here: whole matrices (transpose in kernels/simple.cc).
#if defined(PELLUCID_KERNELS_TURN_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_TURN_INL_H
#undef PELLUCID_KERNELS_TURN_INL_H
#else
#define PELLUCID_KERNELS_TURN_INL_H
#endif

#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

/// Columns transposed at once: as many as 16 bytes of a row hold.
template <class T>
inline constexpr int turned_columns = 16 / sizeof(T);

/// One vector made of 16-byte blocks: the starts of the rows p, p + stride, …
template <class D, class T>
HWY_INLINE hn::Vec<D> blocks_of_rows(D d, const T* p, std::int64_t stride) noexcept {
  if constexpr (hn::MaxLanes(D()) * sizeof(T) <= 16) {
    return hn::LoadU(d, p);
  } else {
    const hn::Half<D> half;
    constexpr std::int64_t blocks = hn::MaxLanes(half) * sizeof(T) / 16;
    return hn::Combine(d, blocks_of_rows(half, p + blocks * stride, stride), blocks_of_rows(half, p, stride));
  }
}

/// Transposes as many rows as d has lanes: a[r,c] becomes lane r of column[c]. The transposition works within the
/// 16-byte blocks.
template <class D>
HWY_INLINE void turn(D d, const float* a, std::int64_t lda, hn::Vec<D> (&column)[4]) noexcept {
  const hn::RepartitionToWide<D> pair;
  hn::Vec<D> row[4];
  HWY_UNROLL(4)
  for (int i = 0; i < 4; ++i) row[i] = blocks_of_rows(d, a + i * lda, 4 * lda);
  const auto low = hn::BitCast(pair, hn::InterleaveLower(d, row[0], row[1]));
  const auto high = hn::BitCast(pair, hn::InterleaveUpper(d, row[0], row[1]));
  const auto next_low = hn::BitCast(pair, hn::InterleaveLower(d, row[2], row[3]));
  const auto next_high = hn::BitCast(pair, hn::InterleaveUpper(d, row[2], row[3]));
  column[0] = hn::BitCast(d, hn::InterleaveLower(pair, low, next_low));
  column[1] = hn::BitCast(d, hn::InterleaveUpper(pair, low, next_low));
  column[2] = hn::BitCast(d, hn::InterleaveLower(pair, high, next_high));
  column[3] = hn::BitCast(d, hn::InterleaveUpper(pair, high, next_high));
}

template <class D>
HWY_INLINE void turn(D d, const double* a, std::int64_t lda, hn::Vec<D> (&column)[2]) noexcept {
  const auto even = blocks_of_rows(d, a, 2 * lda), odd = blocks_of_rows(d, a + lda, 2 * lda);
  column[0] = hn::InterleaveLower(d, even, odd);
  column[1] = hn::InterleaveUpper(d, even, odd);
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
