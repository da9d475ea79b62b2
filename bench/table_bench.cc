// Benchmark of reading a large table from a file: bytes of text per second on one thread. Not here: the table
// (bench/large_table.cc).
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "large_table.h"
#include "pellucid/table.h"

namespace pellucid::bench {
namespace {

constexpr std::int64_t rows = 500'000;

void read(benchmark::State& state) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("pellucid-" + std::to_string(std::random_device()()) + ".csv");
  std::ofstream(path, std::ios::binary) << large_table(rows);
  for (auto _ : state) benchmark::DoNotOptimize(read_table(path.string()).rows);
  state.SetBytesProcessed(static_cast<std::int64_t>(std::filesystem::file_size(path)) * state.iterations());
  std::filesystem::remove(path);
}

BENCHMARK(read)->Name("read_table/500000 rows of 42 columns")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pellucid::bench
