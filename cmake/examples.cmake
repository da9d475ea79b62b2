# Builds one program per file in examples/. Not here: the tests that run them (tests/CMakeLists.txt).
file(GLOB pellucid_examples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.cc)
foreach(file IN LISTS pellucid_examples)
  get_filename_component(name ${file} NAME_WE)
  add_executable(example_${name} ${file})
  target_link_libraries(example_${name} PRIVATE pellucid::pellucid)
endforeach()

# Also builds one program per lesson: lessons/main.cc with that lesson.
foreach(file IN LISTS pellucid_tutorial_files)
  get_filename_component(name ${file} NAME_WE)
  add_executable(tutorial_${name} ${PROJECT_SOURCE_DIR}/lessons/main.cc)
  target_compile_definitions(tutorial_${name} PRIVATE PELLUCID_TUTORIAL=tutorial_${name})
  target_link_libraries(tutorial_${name} PRIVATE pellucid_tutorials)
endforeach()
