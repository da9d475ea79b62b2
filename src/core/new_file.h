// NewFile, LineFile, FolderLock: writing files and folders that other processes may use at the same time.
// Not here: reading files, and writing a text that is complete in memory (core/file.h).
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

/// A file that appears under its name only when it is complete. Until then its bytes are in a locked temporary file
/// beside it, .pellucid-PROCESS-NUMBER.part. A file left by a killed process has no lock; the next NewFile in the same
/// folder removes it. Any number of threads and processes may write to one path; the last to commit wins.
class NewFile {
 public:
  /// A device or pipe has no temporary name and is written directly. Throws M01, M03.
  explicit NewFile(const std::string& path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Returns false if the path is a pipe whose reader has closed it. Throws M01, M03.
  bool write(std::string_view bytes);
  /// Flushes the file to the disk, renames it and flushes the folder. An older file of this name is replaced.
  void commit();

 private:
  [[noreturn]] void fail(int reason) const;
  void open_temporary();

  std::string path_, temporary_;
  OpenFile file_;
};

/// A file to which whole lines are appended; each line is passed to the system at once.
class LineFile {
 public:
  void open(const std::string& path);  ///< appends to an existing file. Throws M01.
  bool is_open() const noexcept { return static_cast<bool>(file_); }
  void write(std::string_view line);  ///< Throws M01, M03.
  void close() noexcept { file_ = OpenFile(); }

 private:
  std::string path_;
  OpenFile file_;
};

/// An exclusive lock on a folder, held until this object or its process ends.
class FolderLock {
 public:
  /// Returns nothing if another process holds the lock. On file systems that cannot lock folders (some network file
  /// systems) it always succeeds. Throws M01 if the folder cannot be opened.
  static std::optional<FolderLock> take(const std::string& folder);

 private:
  explicit FolderLock(OpenFile file) : file_(std::move(file)) {}
  OpenFile file_;
};

}  // namespace pellucid
