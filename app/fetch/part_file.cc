// Opens and locks a partial file, appends to it, renames or keeps it. Not here: downloading (download.cc).
#include "app/fetch/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "pellucid/error.h"

namespace pellucid::app {

PartFile::PartFile(const std::string& target) : target_(target), path_(target + ".part") {
  struct stat opened {};
  struct stat named {};
  // Between open and lock another process may have finished and renamed the file, so check that ours is still
  // NAME.part.
  do {
    if (file_ >= 0) ::close(file_);
    // Without O_NONBLOCK, opening a FIFO of this name would block.
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    if (file_ < 0) fail(errno);
    ::fstat(file_, &opened);
    if (!S_ISREG(opened.st_mode)) {
      ::close(file_);
      throw Error("M01", "cannot write " + path_ + ": it is not a regular file",
                  {"remove it and run the command again"});
    }
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      ::close(file_);
      throw Error("M01", "cannot write " + path_ + ": another pellucid is fetching it");
    }
    ::fstat(file_, &opened);
  } while (::stat(path_.c_str(), &named) != 0 || named.st_ino != opened.st_ino);
  size_ = static_cast<std::uint64_t>(opened.st_size);
}

PartFile::~PartFile() {
  if (file_ < 0) return;
  if (size_ == 0) ::unlink(path_.c_str());
  ::close(file_);
}

void PartFile::fail(int reason) {
  const bool full = reason == ENOSPC || reason == EFBIG || reason == EDQUOT;
  if (!full) throw Error("M01", "cannot write " + path_ + ": " + std::strerror(reason));
  restart();
  throw Error("M03", "cannot write " + path_ + ": " + std::strerror(reason),
              {"the part was removed; free space, or choose a folder on another disk with --into DIR"});
}

void PartFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(errno);
    size_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void PartFile::restart() {
  if (size_ > 0 && ::ftruncate(file_, 0) != 0) fail(errno);
  size_ = 0;
}

void PartFile::finish() {
  if (::fsync(file_) != 0 || std::rename(path_.c_str(), target_.c_str()) != 0) fail(errno);
  ::close(file_);
  file_ = -1;
}

}  // namespace pellucid::app
