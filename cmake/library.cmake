# The library target. Not here: the program (cmake/program.cmake), installation (cmake/install.cmake).
find_package(hwy REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(MINIZIP REQUIRED IMPORTED_TARGET GLOBAL minizip)

file(GLOB_RECURSE pellucid_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.cc)
list(FILTER pellucid_sources EXCLUDE REGEX "/src/kernels/")
file(GLOB pellucid_kernel_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/kernels/*.cc)
list(SORT pellucid_sources)
list(SORT pellucid_kernel_sources)
include(cmake/onnx.cmake)

# The kernels' baseline is SSE4, because Highway has only one lane on g++'s own x86-64 baseline. AVX2 and AVX-512 are chosen at run time.
add_library(pellucid_kernels OBJECT ${pellucid_kernel_sources})
target_link_libraries(pellucid_kernels PRIVATE pellucid_flags hwy::hwy)
if(PELLUCID_ONE_TARGET)
  target_compile_options(pellucid_kernels PRIVATE -march=x86-64-v3 -maes -mpclmul -mno-mmx -fno-sanitize=pointer-overflow)
  target_compile_definitions(pellucid_kernels PRIVATE "HWY_DISABLED_TARGETS=(HWY_AVX3|HWY_AVX3_DL)")
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # g++ 12 sometimes uses MMX registers, which breaks the caller's long double arithmetic; -mno-mmx prevents that.
  target_compile_options(pellucid_kernels PRIVATE -march=x86-64-v2 -maes -mpclmul -mno-mmx)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  # Uses NEON: our vectors are members of classes, which is impossible for SVE's vectors of unknown length.
  target_compile_definitions(pellucid_kernels PRIVATE "HWY_DISABLED_TARGETS=(HWY_SVE|HWY_SVE2|HWY_SVE_256|HWY_SVE2_128)")
endif()

# stb multiplies unchecked numbers of damaged JPEG files, so its signed integers must be allowed to wrap.
find_path(PELLUCID_STB stb_image.h PATH_SUFFIXES stb REQUIRED)
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/tables/images/codec.cc PROPERTIES
                            COMPILE_OPTIONS "-fwrapv;-isystem;${PELLUCID_STB}")

# Exports and imports run once per file, so their code is kept small.
file(GLOB_RECURSE pellucid_small CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/export/*.cc ${PROJECT_SOURCE_DIR}/src/import/*.cc)
set_source_files_properties(${pellucid_small} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-Os>)

set(pellucid_objects $<TARGET_OBJECTS:pellucid_kernels>)
set(pellucid_libraries Threads::Threads hwy::hwy fmt::fmt ZLIB::ZLIB PkgConfig::MINIZIP)
if(PELLUCID_ONNX)
  list(APPEND pellucid_objects $<TARGET_OBJECTS:pellucid_onnx_format>)
  list(APPEND pellucid_libraries protobuf::libprotobuf-lite)
endif()
add_library(pellucid ${pellucid_sources} ${pellucid_objects})
add_library(pellucid::pellucid ALIAS pellucid)
target_compile_features(pellucid PUBLIC cxx_std_20)
target_compile_definitions(pellucid PRIVATE PELLUCID_VERSION="${PROJECT_VERSION}")
find_package(Threads REQUIRED)
target_link_libraries(pellucid PRIVATE ${pellucid_libraries}
                                       $<BUILD_INTERFACE:pellucid_flags;nlohmann_json::nlohmann_json>)
target_include_directories(pellucid PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                           $<BUILD_INTERFACE:${PELLUCID_GENERATED}/include>
                                           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
if(PELLUCID_ONNX)
  target_include_directories(pellucid SYSTEM PRIVATE ${PELLUCID_GENERATED}/onnx)
endif()
set_target_properties(pellucid PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0)

# A shared library exports only what the public headers declare (include/pellucid/export.h). The program and the tests also call
# functions of src/, so they link pellucid_inside, a static library of the same objects.
if(BUILD_SHARED_LIBS)
  set_target_properties(pellucid pellucid_kernels PROPERTIES CXX_VISIBILITY_PRESET hidden)
  add_library(pellucid_inside STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:pellucid> ${pellucid_objects})
  set_target_properties(pellucid_inside PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(pellucid_inside PRIVATE ${pellucid_libraries})
  target_include_directories(pellucid_inside PUBLIC ${PROJECT_SOURCE_DIR}/include ${PELLUCID_GENERATED}/include)
else()
  add_library(pellucid_inside ALIAS pellucid)
endif()
