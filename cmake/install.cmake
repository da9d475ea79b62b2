# What `cmake --install` puts where: library and headers with a package for find_package(pellucid), program, man page, completions.
# Not here: how they are built (library.cmake, program.cmake).
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pellucid)

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

if(TARGET pellucid_program)
  file(RELATIVE_PATH up ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(pellucid_program PROPERTIES INSTALL_RPATH "$ORIGIN/${up}")
  install(TARGETS pellucid_program DESTINATION ${CMAKE_INSTALL_BINDIR})
  # The program prints its own completions, so they hold exactly the flags it has.
  foreach(shell bash zsh)
    install(CODE "execute_process(COMMAND $<TARGET_FILE:pellucid_program> completions ${shell}
                                  OUTPUT_FILE \"${PROJECT_BINARY_DIR}/completions.${shell}\" COMMAND_ERROR_IS_FATAL ANY)")
  endforeach()
  install(FILES ${PROJECT_BINARY_DIR}/completions.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          RENAME pellucid)
  install(FILES ${PROJECT_BINARY_DIR}/completions.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _pellucid)
  install(FILES docs/pellucid.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)
endif()
