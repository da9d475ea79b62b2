// Files for tests: a folder that goes away, gzip, and where the real data sets lie. What a call refuses.
// Not here: made-up numbers (numbers.h).
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

/// A folder of one test's own, removed at its end.
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

/// A zip archive whose members are stored as they are.
struct Member {
  std::string name;
  std::string bytes;
};
std::string zip(const std::vector<Member>& members);

/// A file or folder among the data sets: $PELLUCID_DATA, or ../shared/data beside the sources; nothing where it is not.
std::optional<std::string> data_file(const std::string& name);

/// What the call throws; fails the test and returns code "none" if it does not.
Error refusal(const std::function<void()>& call);

}  // namespace pellucid::test

/// Skips a test whose data set is not on this machine.
#define PELLUCID_NEED_DATA(path, name)                         \
  const auto path##_found = ::pellucid::test::data_file(name); \
  if (!path##_found) GTEST_SKIP() << name << " is not here";   \
  const std::string& path = *path##_found
