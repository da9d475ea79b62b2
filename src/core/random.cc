// Counter-based random numbers: Random123's Philox4x32-10 with pellucid's keys; words, uniform numbers, indices and
// shuffles.
// Not here: the normal distribution (kernels/random_normal.cc, which needs pellucid's own logarithm), many words at
// once (kernels/random_words.cc).
#include <Random123/philox.h>

#include <utility>

#include "pellucid/random.h"

namespace pellucid {

std::array<std::uint32_t, 4> random_words(const RandomKey& key, std::uint32_t block) noexcept {
  const std::uint32_t use = static_cast<std::uint32_t>(key.purpose) << 16 | key.stream;
  const r123::Philox4x32::ctr_type counter = {{block, key.row, key.step, use}};
  const r123::Philox4x32::key_type seed = {
      {static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)}};
  const auto words = r123::Philox4x32()(counter, seed);
  return {words[0], words[1], words[2], words[3]};
}

double Random::uniform() noexcept {
  const double high = word() >> 5;  // 27 bits
  const double low = word() >> 6;   // 26 bits
  return (high * 0x1p26 + low) * 0x1p-53;
}

namespace {

inline std::uint64_t draw_below(std::uint64_t n, Random& random) noexcept {
  __extension__ using Wide = unsigned __int128;
  const auto draw = [&] {
    const std::uint64_t high = random.word();
    return Wide{high << 32 | random.word()} * n;
  };
  Wide product = draw();
  if (static_cast<std::uint64_t>(product) < n) {
    // 2^64 mod n: lower halves below this value would make some results more likely than others.
    const std::uint64_t uneven = (0 - n) % n;
    while (static_cast<std::uint64_t>(product) < uneven) product = draw();
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t Random::below(std::uint64_t n) noexcept {
  return n == 0 ? 0 : draw_below(n, *this);
}

void Random::shuffle(std::span<std::int64_t> values) noexcept {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[draw_below(i, *this)]);
}

}  // namespace pellucid
