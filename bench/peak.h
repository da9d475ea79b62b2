// The peak performance of this core, for comparison with the kernels. Not here: the benchmarks
// (bench/kernels_bench.cc).
#pragma once

namespace pellucid::bench {

/// Peak GFLOP/s of fused multiply-adds in registers (two operations each) on one thread; 0 if it cannot be measured.
double peak_gflops();

}  // namespace pellucid::bench
