// Measures the FMA peak with twelve independent chains that stay in registers.
// Not here: kernels (src/kernels), other libraries (bench/rivals.cc).
#include "peak.h"

#include <algorithm>
#include <chrono>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pellucid::bench {
namespace {

constexpr int chains = 12;
constexpr long turns = 2'000'000;

template <class Run>
double best_gflops(int lanes, Run run) {
  double best = 0;
  for (int attempt = 0; attempt < 7; ++attempt) {
    const auto start = std::chrono::steady_clock::now();
    run();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, 2.0 * chains * lanes * turns / seconds / 1e9);
  }
  return best;
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) void run_avx512() {
  __m512 chain[chains];
  const __m512 factor = _mm512_set1_ps(0.5f), term = _mm512_set1_ps(1.0f);
  for (auto& c : chain) c = term;
  for (long i = 0; i < turns; ++i) {
    for (auto& c : chain) {
      c = _mm512_fmadd_ps(c, factor, term);
      asm volatile("" : "+x"(c));
    }
  }
}

__attribute__((target("avx2,fma"))) void run_avx2() {
  __m256 chain[chains];
  const __m256 factor = _mm256_set1_ps(0.5f), term = _mm256_set1_ps(1.0f);
  for (auto& c : chain) c = term;
  for (long i = 0; i < turns; ++i) {
    for (auto& c : chain) {
      c = _mm256_fmadd_ps(c, factor, term);
      asm volatile("" : "+x"(c));
    }
  }
}
#endif

}  // namespace

double peak_gflops() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return best_gflops(16, run_avx512);
  if (__builtin_cpu_supports("fma")) return best_gflops(8, run_avx2);
#endif
  return 0;
}

}  // namespace pellucid::bench
