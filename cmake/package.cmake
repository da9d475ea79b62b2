# The Debian package that `cpack -G DEB` makes of an installed tree. Not here: what is installed (cmake/install.cmake), the archive that
# runs without installing (packaging/archive.py).
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME pellucid)
set(CPACK_PACKAGE_VENDOR pellucid)
set(CPACK_PACKAGE_CONTACT "pellucid maintainers <maintainers@pellucid.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "trains small neural networks on a CPU and shows every number")
set(CPACK_PACKAGE_DESCRIPTION "pellucid trains feed-forward neural networks from a CSV file, images or
arrays with one command and writes an honest report: every score has its
confidence interval and stands beside a linear model. The same seed gives
the same bits at any number of threads. This package contains the program,
the shared library for C++ and C, its headers, the manual page and shell
completions.")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/../packaging/deb/triggers)

# Files that Debian's policy asks for: the licence, a changelog, and a compressed manual page.
set(policy ${PROJECT_BINARY_DIR}/debian)
file(WRITE ${policy}/changelog.in "pellucid (${PROJECT_VERSION}-1) unstable; urgency=medium

  * Version ${PROJECT_VERSION}; /usr/share/doc/pellucid/changelog.gz lists what is new.

 -- ${CPACK_PACKAGE_CONTACT}  Sun, 29 Nov 2026 00:00:00 +0000
")
find_program(GZIP_PROGRAM gzip REQUIRED)
function(pellucid_install_compressed source folder name)
  set(packed ${policy}/${name}.gz)
  execute_process(COMMAND ${GZIP_PROGRAM} -9nc ${source} OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${packed} DESTINATION ${folder})
endfunction()
pellucid_install_compressed(${policy}/changelog.in ${CMAKE_INSTALL_DATADIR}/doc/pellucid changelog.Debian)
pellucid_install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md ${CMAKE_INSTALL_DATADIR}/doc/pellucid changelog)
pellucid_install_compressed(${PROJECT_SOURCE_DIR}/docs/pellucid.1 ${CMAKE_INSTALL_MANDIR}/man1 pellucid.1)
install(FILES packaging/deb/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/pellucid)
include(CPack)
