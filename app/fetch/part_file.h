// PartFile: NAME.part, a partial download beside its target. It survives an interruption and is renamed when complete.
// Not here: where the bytes come from (download.h), files written in one go (core/file.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pellucid::app {

class PartFile {
 public:
  /// Opens the partial file of an earlier attempt, or a new one. Throws M01, also if another process has locked it.
  explicit PartFile(const std::string& target);
  /// Removes an empty partial file; others are kept for the next attempt.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return size_; }

  /// Throws M01; M03 if the disk is full, and then removes the partial file.
  void append(std::string_view bytes);
  /// Deletes all bytes.
  void restart();
  /// Flushes to disk and renames the file to the target.
  void finish();

 private:
  [[noreturn]] void fail(int reason);

  std::string target_, path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace pellucid::app
