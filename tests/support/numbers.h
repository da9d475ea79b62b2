// Random numbers for tests of arithmetic, and comparison of bits.
// Not here: datasets (support/nets.h, support/workloads.h).
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <type_traits>
#include <vector>

namespace pellucid::test {

/// Uniform in -1 … 1, the same on every machine. For n = 0, data() is not null, so offsets may be added to it.
template <class T>
std::vector<T> random_values(std::int64_t n, unsigned seed, double scale = 1) {
  std::mt19937 words(seed);
  std::vector<T> values;
  values.reserve(static_cast<std::size_t>(n) + 1);
  values.resize(static_cast<std::size_t>(n));
  for (T& value : values) value = static_cast<T>(scale * (static_cast<double>(words()) / 2147483648.0 - 1));
  return values;
}

/// Whether both are equal to the last bit; any NaN equals any other.
template <class T>
bool same_bits(T a, T b) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<Bits>(a) == std::bit_cast<Bits>(b);
}

}  // namespace pellucid::test
