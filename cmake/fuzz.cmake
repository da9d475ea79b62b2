# Fuzz targets: the code that reads tables and ONNX files, compiled again with libFuzzer's instrumentation. Clang only.
# Not here: flags of the sanitizers (CMakePresets.json), running them (./dev fuzz).
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "PELLUCID_FUZZ needs clang: cmake --preset asan -DPELLUCID_FUZZ=ON")
endif()
file(GLOB_RECURSE pellucid_fuzzed CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/core/*.cc ${PROJECT_SOURCE_DIR}/src/tables/*.cc
                                            ${PROJECT_SOURCE_DIR}/src/batches/dataset.cc ${PROJECT_SOURCE_DIR}/src/prepare/*.cc)
list(FILTER pellucid_fuzzed EXCLUDE REGEX "/(divide|split|random)[.]cc$")  # these need the kernels and read no tables
list(APPEND pellucid_fuzzed ${PROJECT_SOURCE_DIR}/src/kernels/scalar_math.cc)  # logarithms of targets
add_executable(pellucid_fuzz_table ${PROJECT_SOURCE_DIR}/fuzz/table.cc ${pellucid_fuzzed})
target_compile_options(pellucid_fuzz_table PRIVATE -fsanitize=fuzzer-no-link)
target_link_options(pellucid_fuzz_table PRIVATE -fsanitize=fuzzer)
target_link_libraries(pellucid_fuzz_table PRIVATE pellucid_flags fmt::fmt nlohmann_json::nlohmann_json ZLIB::ZLIB
                                                  PkgConfig::MINIZIP Threads::Threads)
set_target_properties(pellucid_fuzz_table PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# The import is instrumented in the library itself; the nets that it makes are built and run without.
if(PELLUCID_ONNX)
  file(GLOB pellucid_fuzzed_import CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/import/onnx/*.cc)
  set_source_files_properties(${pellucid_fuzzed_import} PROPERTIES COMPILE_OPTIONS -fsanitize=fuzzer-no-link)
  add_executable(pellucid_fuzz_onnx ${PROJECT_SOURCE_DIR}/fuzz/onnx.cc)
  target_link_options(pellucid_fuzz_onnx PRIVATE -fsanitize=fuzzer)
  target_link_libraries(pellucid_fuzz_onnx PRIVATE pellucid_inside pellucid_flags)
  set_target_properties(pellucid_fuzz_onnx PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endif()
