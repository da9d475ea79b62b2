// PartFile: NAME.part, which grows beside its target, outlives an interruption and becomes the target when it is whole.
// Not here: where the bytes come from (download.h), files written in one go (core/file.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pellucid::app {

class PartFile {
 public:
  /// Opens what an earlier attempt left, or a new one. Throws M01, also where another process holds it.
  explicit PartFile(const std::string& target);
  /// An empty part is removed, others stay for the next attempt.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return size_; }

  /// Throws M01; M03 on a full disk, and then the part is removed.
  void append(std::string_view bytes);
  /// Drops all bytes.
  void restart();
  /// Flushes to the disk and renames to the target.
  void finish();

 private:
  [[noreturn]] void fail(int reason);

  std::string target_, path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace pellucid::app
