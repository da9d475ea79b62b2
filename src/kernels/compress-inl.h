// The lanes of a vector that a mask names, side by side.
// Not here: who looks for what (entries-inl.h, sparse.cc). Included once per target.
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

/// By the bits of eight lanes: the numbers of those that are set, a byte each, the lowest first.
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

/// A mask, eight lanes to a byte.
struct MaskBits {
  template <class D>
  HWY_INLINE MaskBits(D d, hn::Mask<D> mask) noexcept {
    hn::StoreMaskBits(d, mask, lanes);
  }
  std::uint8_t lanes[8] = {};
};

/// The kept lanes of v first. Where there are tables for it Highway 1.0 copies them to the stack at every call.
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
