# An overlay port of the library, built from this checkout: vcpkg install pellucid --overlay-ports=packaging/vcpkg
# Not here: the program, which needs more libraries (./dev package).
set(SOURCE_PATH "${CURRENT_PORT_DIR}/../..")
vcpkg_check_features(OUT_FEATURE_OPTIONS options FEATURES onnx PELLUCID_ONNX)
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS ${options} -DPELLUCID_PROGRAM=OFF -DPELLUCID_TESTS=OFF -DPELLUCID_EXAMPLES=OFF -DPELLUCID_INSTALL=ON)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/pellucid)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
