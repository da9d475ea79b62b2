// Files for tests: temporary folders, gzip, zip, the location of real data sets; and the Error that a call throws.
// Not here: random numbers (support/numbers.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/error.h"

namespace pellucid::test {

/// A temporary folder for one test, removed at its end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  /// Writes the file and returns its path.
  std::string file(const std::string& name, std::string_view bytes) const;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string gzip(std::string_view bytes);

/// A zip archive whose members are stored without compression.
struct Member {
  std::string name;
  std::string bytes;
};
std::string zip(const std::vector<Member>& members);

/// The path of a data set's file or folder in $PELLUCID_DATA or in ../shared/data beside the sources; nothing if it is
/// absent.
std::optional<std::string> data_file(const std::string& name);

/// Returns the Error that the call throws; if it throws none, fails the test and returns an Error with the code "none".
Error refusal(const std::function<void()>& call);

}  // namespace pellucid::test

/// Skips the test if its data set is not on this machine.
#define PELLUCID_NEED_DATA(path, name)                         \
  const auto path##_found = ::pellucid::test::data_file(name); \
  if (!path##_found) GTEST_SKIP() << name << " is not here";   \
  const std::string& path = *path##_found
