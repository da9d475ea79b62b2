// What this core can do at most, for the right-hand side of every ratio. Not here: the benchmarks.
#pragma once

namespace pellucid::bench {

/// Fused multiply-adds in registers alone, counted as two operations, on one thread. 0 where it cannot be measured.
double peak_gflops();

}  // namespace pellucid::bench
