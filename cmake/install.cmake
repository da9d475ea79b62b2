# What `cmake --install` installs: the library and its headers, files for find_package(pellucid) and pkg-config, the
# program, its manual page and shell completions. Two components: `cmake --install BUILD --component library` (or program).
# Not here: building them (cmake/library.cmake, cmake/program.cmake).
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pellucid)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME library)
install(TARGETS pellucid EXPORT pellucid-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/pellucid ${PELLUCID_GENERATED}/include/pellucid DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")

install(EXPORT pellucid-targets NAMESPACE pellucid:: DESTINATION ${package_dir})
get_target_property(PELLUCID_TYPE pellucid TYPE)
configure_package_config_file(cmake/pellucid-config.cmake.in pellucid-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(pellucid-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/pellucid-config.cmake ${PROJECT_BINARY_DIR}/pellucid-config-version.cmake
        DESTINATION ${package_dir})

# For pkg-config. Users of the static library must also link its dependencies; a shared library links them itself.
file(RELATIVE_PATH PELLUCID_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" PELLUCID_PC_PREFIX "${PELLUCID_PC_PREFIX}")
cmake_path(APPEND PELLUCID_PC_INCLUDES "\${prefix}" "${CMAKE_INSTALL_INCLUDEDIR}")
cmake_path(APPEND PELLUCID_PC_LIBRARIES "\${prefix}" "${CMAKE_INSTALL_LIBDIR}")
# pkg-config looks for all that is required, private or not, so the shared library requires nothing.
set(PELLUCID_PC_REQUIRES "libhwy, fmt, zlib, minizip")
set(PELLUCID_PC_THREADS " -pthread")
if(PELLUCID_ONNX)
  string(APPEND PELLUCID_PC_REQUIRES ", protobuf-lite")
endif()
if(PELLUCID_TYPE STREQUAL "SHARED_LIBRARY")
  set(PELLUCID_PC_REQUIRES "")
  set(PELLUCID_PC_THREADS "")
endif()
configure_file(cmake/pellucid.pc.in pellucid.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/pellucid.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(TARGET pellucid_program)
  set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)
  install(TARGETS pellucid_program DESTINATION ${CMAKE_INSTALL_BINDIR})
  # The program prints its own completions, so they always match its flags.
  foreach(shell bash zsh)
    install(CODE "execute_process(COMMAND $<TARGET_FILE:pellucid_program> completions ${shell}
                                  OUTPUT_FILE \"${PROJECT_BINARY_DIR}/completions.${shell}\" COMMAND_ERROR_IS_FATAL ANY)"
            COMPONENT program)
  endforeach()
  install(FILES ${PROJECT_BINARY_DIR}/completions.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          RENAME pellucid)
  install(FILES ${PROJECT_BINARY_DIR}/completions.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _pellucid)
  if(NOT PELLUCID_PACKAGE)  # which has it compressed
    install(FILES docs/pellucid.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
endif()
