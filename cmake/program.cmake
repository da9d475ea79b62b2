# The program. Not here: the library that it calls (cmake/library.cmake).
file(GLOB_RECURSE pellucid_app_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/app/*.cc)
list(SORT pellucid_app_sources)
if(pellucid_app_sources)
  find_package(CLI11 REQUIRED)
  find_package(tomlplusplus REQUIRED)
  find_package(CURL REQUIRED)
  find_package(OpenSSL REQUIRED COMPONENTS Crypto)
  find_package(Boost 1.74 REQUIRED)  # headers only: Beast and Asio
  add_executable(pellucid_program ${pellucid_app_sources})
  pellucid_embed(pellucid_program pellucid::app web/dist/report.html)
  set_target_properties(pellucid_program PROPERTIES OUTPUT_NAME pellucid RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  target_link_libraries(pellucid_program PRIVATE pellucid_inside pellucid_flags fmt::fmt nlohmann_json::nlohmann_json CLI11::CLI11
                                                 tomlplusplus::tomlplusplus ZLIB::ZLIB CURL::libcurl OpenSSL::Crypto Boost::headers Threads::Threads
                                                 pellucid_tutorials)
  # The program's own code is small, but its headers are large: -O1 compiles in two thirds of the time and runs equally fast.
  target_compile_options(pellucid_program PRIVATE $<$<CONFIG:Release>:-O1>)
endif()
