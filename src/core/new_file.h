// NewFile, LineFile, FolderLock: the three ways in which this program touches files that others may use as well.
// Not here: reading, and writing a text that is there as a whole (file.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pellucid {

/// A file descriptor that closes itself.
class OpenFile {
 public:
  explicit OpenFile(int file = -1) noexcept : file_(file) {}
  OpenFile(OpenFile&& other) noexcept : file_(other.release()) {}
  OpenFile& operator=(OpenFile&& other) noexcept;
  ~OpenFile();
  int get() const noexcept { return file_; }
  explicit operator bool() const noexcept { return file_ >= 0; }
  int release() noexcept;

 private:
  int file_;
};

/// A file that appears under its name only when it is whole. Until then its bytes lie beside it in
/// .pellucid-PROCESS-NUMBER.part, which is locked: what a killed process left has no lock, and the next NewFile in the
/// same folder removes it. Any number of threads and processes may write to one path; one of them is last.
class NewFile {
 public:
  /// A device or pipe has no temporary name; it is written as it is. Throws M01, M03.
  explicit NewFile(const std::string& path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// False once the reader of a pipe has gone away. Throws M01, M03.
  bool write(std::string_view bytes);
  /// Flushes to the disk, renames, and flushes the folder. An older file of this name is replaced.
  void commit();

 private:
  [[noreturn]] void fail(int reason) const;
  void open_temporary();

  std::string path_, temporary_;
  OpenFile file_;
};

/// A file that grows by whole lines, each handed to the system at once.
class LineFile {
 public:
  void open(const std::string& path);  ///< goes on behind what is there. Throws M01.
  bool is_open() const noexcept { return static_cast<bool>(file_); }
  void write(std::string_view line);  ///< Throws M01, M03.
  void close() noexcept { file_ = OpenFile(); }

 private:
  std::string path_;
  OpenFile file_;
};

/// Holds a folder for this object alone, until it or its process ends.
class FolderLock {
 public:
  /// Empty where another one holds the folder. Where folders cannot be locked (some network file systems) this says
  /// nothing of others. Throws M01 where the folder cannot be opened.
  static std::optional<FolderLock> take(const std::string& folder);

 private:
  explicit FolderLock(OpenFile file) : file_(std::move(file)) {}
  OpenFile file_;
};

}  // namespace pellucid
