# All of bench/*.cc in one program, pellucid_bench (Google Benchmark). Not here: when it is run (./dev bench).
find_package(benchmark REQUIRED)
file(GLOB pellucid_bench_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.cc)
list(SORT pellucid_bench_sources)
add_executable(pellucid_bench ${pellucid_bench_sources})
set_target_properties(pellucid_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
target_link_libraries(pellucid_bench PRIVATE pellucid pellucid_flags benchmark::benchmark benchmark::benchmark_main)
