// Writing a file under a temporary name and renaming it. Not here: what is written.
#include "output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "pellucid/error.h"

namespace pellucid::app {

OutputFile::OutputFile(Terminal& terminal, const std::string& path) : terminal_(terminal), path_(path) {
  if (path_.empty()) return;
  struct stat status {};
  // A device or pipe cannot be renamed over: it is written as it is.
  const bool special = ::stat(path_.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  temporary_ = special ? "" : path_ + ".part" + std::to_string(::getpid());
  if (!special && S_ISDIR(status.st_mode)) fail(EISDIR);
  file_ = ::open((special ? path_ : temporary_).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_ < 0) fail(errno);
}

OutputFile::~OutputFile() {
  if (file_ < 0) return;
  ::close(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void OutputFile::fail(int reason) const {
  const bool full = reason == ENOSPC || reason == EFBIG || reason == EDQUOT;
  throw Error(full ? "M03" : "M01", "cannot write " + path_ + ": " + std::strerror(reason));
}

bool OutputFile::write(std::string_view text) {
  if (path_.empty()) return terminal_.data(text);
  while (!text.empty()) {
    const ssize_t n = ::write(file_, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EPIPE) return false;
    if (n < 0) fail(errno);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void OutputFile::commit() {
  if (file_ < 0) return;
  if (!temporary_.empty() && ::fsync(file_) != 0) fail(errno);
  if (::close(file_) != 0) {
    const int reason = errno;
    file_ = -1;
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    fail(reason);
  }
  file_ = -1;
  if (!temporary_.empty() && std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary_.c_str());
    fail(reason);
  }
}

}  // namespace pellucid::app
