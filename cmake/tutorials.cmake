# The tutorials: lessons/ with its figures and one experiment per file; the built-in data sets (data/).
# Not here: the command that runs them (app/commands/tutorial.cc).
include(${CMAKE_CURRENT_LIST_DIR}/embed.cmake)
file(GLOB pellucid_tutorial_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lessons/experiments/*.cc)
file(GLOB pellucid_figure_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lessons/figures/*.cc)
file(GLOB pellucid_lesson_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lessons/*.cc)
list(FILTER pellucid_lesson_sources EXCLUDE REGEX "/(main|tutorials).cc$")
list(SORT pellucid_tutorial_files)

file(GLOB pellucid_data_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/data/*.cc)
add_library(pellucid_data STATIC ${pellucid_data_sources})
target_include_directories(pellucid_data PUBLIC ${PROJECT_SOURCE_DIR})
target_link_libraries(pellucid_data PUBLIC pellucid_inside PRIVATE pellucid_flags fmt::fmt nlohmann_json::nlohmann_json ZLIB::ZLIB)
pellucid_embed(pellucid_data pellucid data/digits.csv data/iris.csv data/spiral.csv data/xor.csv data/catalogue.json)

add_library(pellucid_figures STATIC ${pellucid_figure_sources})
target_include_directories(pellucid_figures PUBLIC ${PROJECT_SOURCE_DIR})
target_link_libraries(pellucid_figures PUBLIC pellucid_inside PRIVATE pellucid_flags fmt::fmt)

set(rows "")
set(declared "// Generated from lessons/experiments: one object per file.\n// Not here: anything else.\n#pragma once\n\n")
string(APPEND declared "namespace pellucid::tutorial {\n")
foreach(file IN LISTS pellucid_tutorial_files)
  get_filename_component(name ${file} NAME_WE)
  string(APPEND rows "PELLUCID_ROW(${name})\n")
  string(APPEND declared "extern const Tutorial tutorial_${name};\n")
endforeach()
pellucid_write(${PELLUCID_GENERATED}/lessons/rows.inc "${rows}")
pellucid_write(${PELLUCID_GENERATED}/lessons/list.h "${declared}}  // namespace pellucid::tutorial\n")

add_library(pellucid_lessons STATIC ${pellucid_lesson_sources})
target_link_libraries(pellucid_lessons PUBLIC pellucid_figures pellucid_data pellucid_flags
                                       PRIVATE fmt::fmt nlohmann_json::nlohmann_json)
add_library(pellucid_tutorials STATIC lessons/tutorials.cc ${pellucid_tutorial_files})
target_link_libraries(pellucid_tutorials PUBLIC pellucid_lessons PRIVATE fmt::fmt)
