// fail_at: a library that is preloaded into a program (LD_PRELOAD). It makes the Nth call that changes a plain file
// fail, or ends the program there as a power failure would.
// Not here: choosing N and checking the result (tests/torture/kills.py).
//     FAIL_AT=N FAIL_HOW=kill|half|ENOSPC|EIO   half: writes half of the bytes, then kills the program
//     FAIL_ON=1          all later calls that need space fail too, as on a disk that stays full
//     FAIL_COUNT=FILE    writes the number of calls to FILE
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::atomic<long> calls{0};

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

struct Plan {
  long at = std::atol(setting("FAIL_AT").c_str());
  std::string how = setting("FAIL_HOW");
  bool stays = !setting("FAIL_ON").empty();
  std::string count = setting("FAIL_COUNT");

  ~Plan() {
    if (count.empty()) return;
    const std::string text = std::to_string(calls.load()) + "\n";
    const int file =
        static_cast<int>(::syscall(SYS_openat, AT_FDCWD, count.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666));
    ::syscall(SYS_write, file, text.data(), text.size());
    ::syscall(SYS_close, file);
  }
};

const Plan& plan() {
  static const Plan made;
  return made;
}

[[noreturn]] void die() {
  ::syscall(SYS_kill, ::syscall(SYS_getpid), SIGKILL);
  std::abort();
}

// Counts a call. Returns true, with errno set, if it must fail. A call that needs no space fails only by a kill or EIO.
bool fails(bool needs_space) {
  const Plan& p = plan();
  const long now = ++calls;
  if (p.at <= 0 || now < p.at || (now > p.at && !(p.stays && needs_space))) return false;
  if (p.how == "kill" || p.how == "half") die();
  if (p.how == "ENOSPC" && !needs_space) return false;
  errno = p.how == "ENOSPC" ? ENOSPC : EIO;
  return true;
}

bool plain(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

template <class F>
F next(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
  const bool changes = (flags & (O_CREAT | O_TRUNC)) != 0 && std::strncmp(path, "/dev/", 5) != 0;
  if (changes && fails(true)) return -1;
  return static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
}

mode_t mode_of(int flags, va_list& rest) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(rest, unsigned)) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(folder, path, flags, mode);
}

ssize_t write(int file, const void* bytes, size_t count) {
  if (plain(file)) {
    if (plan().how == "half" && calls + 1 == plan().at) ::syscall(SYS_write, file, bytes, count / 2);
    if (fails(true)) return -1;
  }
  return ::syscall(SYS_write, file, bytes, count);
}

ssize_t writev(int file, const struct iovec* pieces, int count) {
  if (plain(file) && fails(true)) return -1;
  return ::syscall(SYS_writev, file, pieces, count);
}

int fsync(int file) {
  return plain(file) && fails(true) ? -1 : static_cast<int>(::syscall(SYS_fsync, file));
}

int fdatasync(int file) {
  return plain(file) && fails(true) ? -1 : static_cast<int>(::syscall(SYS_fdatasync, file));
}

int ftruncate(int file, off_t size) noexcept {
  return fails(false) ? -1 : static_cast<int>(::syscall(SYS_ftruncate, file, size));
}

int rename(const char* from, const char* to) noexcept {
  return fails(false) ? -1 : static_cast<int>(::syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}

int mkdir(const char* path, mode_t mode) noexcept {
  return fails(true) ? -1 : static_cast<int>(::syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

int unlink(const char* path) noexcept {
  return fails(false) ? -1 : static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  return fails(false) ? -1 : static_cast<int>(::syscall(SYS_unlinkat, folder, path, flags));
}

int remove(const char* path) noexcept {
  if (fails(false)) return -1;
  if (::syscall(SYS_unlinkat, AT_FDCWD, path, 0) == 0) return 0;
  return errno == EISDIR ? static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR)) : -1;
}

}  // extern "C"
