// The benchmark program: describes the machine and runs the benchmarks, or writes the table of one of them.
// Not here: the benchmarks themselves (bench/kernels_bench.cc, step_bench.cc, table_bench.cc).
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "large_table.h"
#include "peak.h"
#include "pellucid/version.h"
#include "rivals.h"

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--write-table") {  // FILE ROWS
    std::ofstream file(argv[2], std::ios::binary);
    file << pellucid::bench::large_table(std::atoll(argv[3])) << std::flush;
    return file ? 0 : 1;
  }
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
