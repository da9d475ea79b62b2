// The program: says on what machine the figures were made, then runs the benchmarks.
// Not here: any benchmark.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

#include "peak.h"
#include "pellucid/version.h"
#include "rivals.h"

int main(int argc, char** argv) {
  pellucid::bench::use_one_thread();
  benchmark::AddCustomContext("kernels", pellucid::cpu_target());
  char peak[32];
  std::snprintf(peak, sizeof peak, "%.1f", pellucid::bench::peak_gflops());
  benchmark::AddCustomContext("fma_peak_gflops", peak);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
