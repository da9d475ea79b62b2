// The words of a random stream, many blocks at a time: Philox4x32-10, one Philox block per 64-bit lane.
// Not here: a single block (random_words, by Random123), turning words into numbers (core/random.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/random_words.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <hwy/highway.h>

#include <bit>
#include <cstring>

#include "pellucid/random.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Blocks = hn::ScalableTag<std::uint64_t>;

/// The 64-bit products of each lane's lower half with a factor; the upper halves are ignored.
HWY_INLINE hn::Vec<Blocks> multiply(hn::Vec<Blocks> x, std::uint32_t factor) noexcept {
  const hn::Repartition<std::uint32_t, Blocks> halves;
  return hn::MulEven(hn::BitCast(halves, x), hn::Set(halves, factor));
}

}  // namespace

/// `blocks` must be a multiple of 8, the largest number of lanes.
void words_of_blocks(const RandomKey& key, std::uint32_t first, std::uint32_t blocks, std::uint32_t* out) {
  const Blocks d;
  const auto lower = hn::Set(d, 0xffffffffu);
  const auto use = static_cast<std::uint32_t>(key.purpose) << 16 | key.stream;
  for (std::uint32_t b = 0; b < blocks; b += static_cast<std::uint32_t>(hn::MaxLanes(d))) {
    auto w0 = hn::Add(hn::Iota(d, 0), hn::Set(d, first + b)), w1 = hn::Set(d, key.row);
    auto w2 = hn::Set(d, key.step), w3 = hn::Set(d, use);
    auto k0 = static_cast<std::uint32_t>(key.seed), k1 = static_cast<std::uint32_t>(key.seed >> 32);
    for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9, k1 += 0xBB67AE85) {
      const auto p0 = multiply(w0, 0xD2511F53), p1 = multiply(w2, 0xCD9E8D57);
      w0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p1), w1), hn::Set(d, k0));
      w2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p0), w3), hn::Set(d, k1));
      w1 = p1;
      w3 = p0;
    }
    const auto pair = [=](auto low, auto high)
                          HWY_ATTR { return hn::Or(hn::And(low, lower), hn::ShiftLeft<32>(high)); };
    static_assert(std::endian::native == std::endian::little);
    HWY_ALIGN std::uint64_t words[2 * hn::MaxLanes(Blocks())];
    hn::StoreInterleaved2(pair(w0, w1), pair(w2, w3), d, words);
    std::memcpy(out, words, sizeof words);
    out += 4 * hn::MaxLanes(d);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pellucid {

// Integer results are the same on every target, so this function is not in the kernel table.
HWY_EXPORT(words_of_blocks);

void Random::make_words() noexcept {
  HWY_DYNAMIC_DISPATCH(words_of_blocks)(key_, block_, blocks, words_.data());
  block_ += blocks;
  used_ = 0;
}

}  // namespace pellucid
#endif  // HWY_ONCE
