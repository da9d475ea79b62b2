// Temporary names and locks of files that are being written; the system's error numbers become Errors.
// Not here: the contents of the files, for example src/files/model_file.cc.
#include "core/new_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr std::string_view temporary_start = ".pellucid-", temporary_end = ".part";

Error write_error(const std::string& path, int reason, std::vector<std::string> details = {}) {
  const bool full = reason == ENOSPC || reason == EFBIG || reason == EDQUOT;
  if (!full) details.clear();
  return Error(full ? "M03" : "M01", "cannot write " + path + ": " + std::strerror(reason), std::move(details));
}

// While this object lives, a write beyond the limit on file sizes fails with EFBIG instead of ending the process. The
// signal is blocked for this thread only, so threads that write at the same time do not change each other's settings.
class FileSizeSignalHeldBack {
 public:
  FileSizeSignalHeldBack() noexcept {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~FileSizeSignalHeldBack() {
    const timespec at_once{};
    // Discards the signal if it was raised.
    if (!sigismember(&before_, SIGXFSZ)) sigtimedwait(&signal_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  FileSizeSignalHeldBack(const FileSizeSignalHeldBack&) = delete;
  FileSizeSignalHeldBack& operator=(const FileSizeSignalHeldBack&) = delete;

 private:
  sigset_t signal_{}, before_{};
};

// Calls write(2) until all bytes are written. Returns 0 or errno.
int write_all(int file, std::string_view bytes) {
  const FileSizeSignalHeldBack held_back;
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n >= 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) return errno;
  }
  return 0;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "./" : path.substr(0, slash + 1);
}

// True if the path still names this open file.
bool names(const std::string& path, int file) {
  struct stat named {};
  struct stat opened {};
  return ::lstat(path.c_str(), &named) == 0 && ::fstat(file, &opened) == 0 && named.st_ino == opened.st_ino &&
         named.st_dev == opened.st_dev;
}

bool lock(int file) {
  return ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

// Waits while another thread or process holds the lock for a moment to see whether the file is abandoned.
void lock_patiently(int file) {
  while (::flock(file, LOCK_EX) != 0 && errno == EINTR) {
  }
}

// Removes temporary files whose process has ended: no process holds their lock.
void remove_abandoned(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), ::closedir);
  while (const dirent* entry = entries ? ::readdir(entries.get()) : nullptr) {
    const std::string_view name(entry->d_name);
    if (!name.starts_with(temporary_start) || !name.ends_with(temporary_end)) continue;
    const std::string path = folder + std::string(name);
    const OpenFile file(::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file && lock(file.get()) && names(path, file.get())) ::unlink(path.c_str());
  }
}

// Removes abandoned files only once per folder, because a folder may hold many files.
void remove_abandoned_once(const std::string& folder) {
  static std::mutex guard;
  static std::set<std::string> seen;
  const std::lock_guard hold(guard);
  if (seen.insert(folder).second) remove_abandoned(folder);
}

// Makes a new file name survive a power failure. Some file systems cannot do this; the file's contents are safe anyway.
void flush_folder(const std::string& path) {
  const OpenFile folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) ::fsync(folder.get());
}

}  // namespace

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

OpenFile::~OpenFile() {
  if (file_ >= 0) ::close(file_);
}

int OpenFile::release() noexcept {
  return std::exchange(file_, -1);
}

NewFile::NewFile(const std::string& path) : path_(path) {
  struct stat status {};
  const bool there = ::stat(path_.c_str(), &status) == 0;
  if (there && S_ISDIR(status.st_mode)) fail(EISDIR);
  if (there && !S_ISREG(status.st_mode)) {
    file_ = OpenFile(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file_) fail(errno);
    return;
  }
  remove_abandoned_once(folder_of(path_));
  open_temporary();
}

void NewFile::open_temporary() {
  static std::atomic<std::uint64_t> number{0};
  do {
    temporary_ = folder_of(path_) + std::string(temporary_start) + std::to_string(::getpid()) + "-" +
                 std::to_string(++number) + std::string(temporary_end);
    file_ = OpenFile(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file_ && errno != EEXIST) fail(errno);
    if (file_) lock_patiently(file_.get());
    // If another process removed the file as abandoned before the lock was taken, tries another name.
  } while (!file_ || !names(temporary_, file_.get()));
}

NewFile::~NewFile() {
  if (file_ && !temporary_.empty()) ::unlink(temporary_.c_str());
}

void NewFile::fail(int reason) const {
  throw write_error(path_, reason,
                    temporary_.empty() ? std::vector<std::string>()
                                       : std::vector<std::string>{"nothing half-written was left behind"});
}

bool NewFile::write(std::string_view bytes) {
  const int reason = write_all(file_.get(), bytes);
  if (reason == EPIPE) return false;
  if (reason != 0) fail(reason);
  return true;
}

void NewFile::commit() {
  if (!temporary_.empty()) {
    if (::fsync(file_.get()) != 0) fail(errno);
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
    flush_folder(path_);
    temporary_.clear();
  }
  if (::close(file_.release()) != 0) fail(errno);
}

void LineFile::open(const std::string& path) {
  path_ = path;
  file_ = OpenFile(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!file_) throw write_error(path_, errno);
}

void LineFile::write(std::string_view line) {
  const int reason = write_all(file_.get(), std::string(line) + "\n");
  if (reason != 0) throw write_error(path_, reason);
}

std::optional<FolderLock> FolderLock::take(const std::string& folder) {
  OpenFile file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file) throw Error("M01", "cannot open the folder " + folder + ": " + std::strerror(errno));
  if (!lock(file.get()) && errno == EWOULDBLOCK) return std::nullopt;
  return FolderLock(std::move(file));
}

}  // namespace pellucid
