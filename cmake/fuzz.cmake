# Fuzz targets: the code that reads tables and ONNX files, compiled again with libFuzzer's instrumentation. Clang only.
# Not here: flags of the sanitizers (CMakePresets.json), running them (./dev fuzz).
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "PELLUCID_FUZZ needs clang: cmake --preset asan -DPELLUCID_FUZZ=ON")
endif()
# The code under test is instrumented in the library itself; the nets that an import makes are built and run without.
file(GLOB_RECURSE pellucid_fuzzed CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/tables/*.cc
                                            ${PROJECT_SOURCE_DIR}/src/prepare/*.cc
                                            ${PROJECT_SOURCE_DIR}/src/import/onnx/*.cc)
set_property(SOURCE ${pellucid_fuzzed} APPEND PROPERTY COMPILE_OPTIONS -fsanitize=fuzzer-no-link)

function(pellucid_fuzz_target name)
  add_executable(pellucid_fuzz_${name} ${PROJECT_SOURCE_DIR}/fuzz/${name}.cc)
  target_link_options(pellucid_fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(pellucid_fuzz_${name} PRIVATE pellucid_inside pellucid_flags)
  set_target_properties(pellucid_fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

pellucid_fuzz_target(table)
if(PELLUCID_ONNX)
  pellucid_fuzz_target(onnx)
endif()
