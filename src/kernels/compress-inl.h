// Moves the lanes of a vector that a mask selects to the front. Included once per target.
// Not here: the lists built with it (kernels/entries-inl.h, kernels/sparse.cc).
#if defined(PELLUCID_KERNELS_COMPRESS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_COMPRESS_INL_H
#undef PELLUCID_KERNELS_COMPRESS_INL_H
#else
#define PELLUCID_KERNELS_COMPRESS_INL_H
#endif

#include <hwy/highway.h>

#include <array>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Indexed by a mask of eight lanes: the numbers of the set lanes, one byte each, in ascending order.
inline constexpr std::array<std::uint64_t, 256> kept_lanes = [] {
  std::array<std::uint64_t, 256> table{};
  for (unsigned bits = 0; bits < 256; ++bits) {
    int count = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      if (bits >> lane & 1) table[bits] |= std::uint64_t{lane} << (8 * count++);
    }
  }
  return table;
}();

/// A mask as bytes, eight lanes per byte.
struct MaskBits {
  template <class D>
  HWY_INLINE MaskBits(D d, hn::Mask<D> mask) noexcept {
    hn::StoreMaskBits(d, mask, lanes);
  }
  std::uint8_t lanes[8] = {};
};

/// The kept lanes of v, moved to the front. For up to eight lanes this is own code, because Highway 1.0 copies its
/// tables to the stack at every call.
template <class D>
HWY_INLINE hn::Vec<D> compressed(D d, hn::Vec<D> v, hn::Mask<D> kept, const MaskBits& bits) noexcept {
  if constexpr (hn::MaxLanes(D()) > 8) {
    return hn::Compress(v, kept);
  } else {
    const hn::RebindToUnsigned<D> words;
    const hn::Rebind<std::uint8_t, D> bytes;
    const auto places = hn::LoadU(bytes, reinterpret_cast<const std::uint8_t*>(&kept_lanes[bits.lanes[0]]));
    return hn::TableLookupLanes(v, hn::IndicesFromVec(d, hn::PromoteTo(words, places)));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
