// Random numbers for benchmarks. Not here: the benchmarks (bench/kernels_bench.cc).
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace pellucid::bench {

/// Uniform in -1 … 1.
inline std::vector<float> random_values(std::int64_t n, unsigned seed) {
  std::mt19937 words(seed);
  std::vector<float> values(static_cast<std::size_t>(n));
  for (float& value : values) value = static_cast<float>(words()) / 2147483648.0f - 1;
  return values;
}

}  // namespace pellucid::bench
