// Turning a few columns of a vector's worth of rows in registers.
// Not here: whole matrices (transpose in simple.cc). Included once per target, inside foreach_target.
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

/// Columns turned at once: what 16 bytes of a row hold.
template <class T>
inline constexpr int turned_columns = 16 / sizeof(T);

/// Rows p, p + stride, … of 16 bytes each, one a block of the vector.
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

/// As many rows as d has lanes: column[c] takes a[r,c] into lane r. Rows are turned within the blocks.
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
