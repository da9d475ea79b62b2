# Builds bench/*.cc as one program, pellucid_bench (Google Benchmark), with OpenBLAS and oneDNN if they are installed.
# Not here: running it (./dev bench).
find_package(benchmark REQUIRED)
find_package(dnnl QUIET CONFIG)
find_package(OpenMP QUIET COMPONENTS CXX)
find_library(PELLUCID_OPENBLAS openblas)
find_path(PELLUCID_CBLAS cblas.h PATH_SUFFIXES openblas openblas-pthread ${CMAKE_LIBRARY_ARCHITECTURE})

file(GLOB pellucid_bench_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.cc)
list(SORT pellucid_bench_sources)
add_executable(pellucid_bench ${pellucid_bench_sources})
set_target_properties(pellucid_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
target_link_libraries(pellucid_bench PRIVATE pellucid_inside pellucid_flags benchmark::benchmark)
if(PELLUCID_OPENBLAS AND PELLUCID_CBLAS)
  target_compile_definitions(pellucid_bench PRIVATE PELLUCID_BENCH_OPENBLAS)
  target_include_directories(pellucid_bench SYSTEM PRIVATE ${PELLUCID_CBLAS})
  target_link_libraries(pellucid_bench PRIVATE ${PELLUCID_OPENBLAS})
endif()
if(dnnl_FOUND AND OpenMP_CXX_FOUND)
  target_compile_definitions(pellucid_bench PRIVATE PELLUCID_BENCH_ONEDNN)
  target_link_libraries(pellucid_bench PRIVATE DNNL::dnnl OpenMP::OpenMP_CXX)
endif()

# pellucid for the comparison with Python libraries (bench/compare.py).
add_executable(pellucid_peer ${PROJECT_SOURCE_DIR}/bench/peers/pellucid.cc ${PROJECT_SOURCE_DIR}/bench/peak.cc)
set_target_properties(pellucid_peer PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
target_include_directories(pellucid_peer PRIVATE ${PROJECT_SOURCE_DIR})
target_link_libraries(pellucid_peer PRIVATE pellucid_inside pellucid_flags nlohmann_json::nlohmann_json)
