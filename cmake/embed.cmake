# Embeds text files into a program: data/iris.csv becomes const std::string_view embedded_iris.
# Not here: which program uses them (cmake/program.cmake, cmake/tutorials.cmake).

# Some compilers limit string literals to 64 KiB, so the text is stored as single bytes.
function(pellucid_embed target namespace)
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME_WE)
    get_filename_component(file_name ${file} NAME)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
    set(text "// Generated from ${file_name}.\n#include <string_view>\n\nnamespace ${namespace} {\n\n")
    string(APPEND text "static constexpr char bytes[] = {\n${bytes}'\\0'};\n\n")
    string(APPEND text "extern const std::string_view embedded_${name};\n")
    string(APPEND text "const std::string_view embedded_${name}{bytes, sizeof bytes - 1};\n\n}\n")
    set(generated ${PROJECT_BINARY_DIR}/generated/embedded_${name}.cc)
    file(CONFIGURE OUTPUT ${generated} CONTENT "${text}" @ONLY)
    target_sources(${target} PRIVATE ${generated})
  endforeach()
endfunction()
