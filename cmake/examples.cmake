# One program for each file in examples/. Not here: the tests that run them (tests/CMakeLists.txt).
file(GLOB pellucid_examples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.cc)
foreach(file IN LISTS pellucid_examples)
  get_filename_component(name ${file} NAME_WE)
  add_executable(example_${name} ${file})
  target_link_libraries(example_${name} PRIVATE pellucid::pellucid)
endforeach()
