// Whole files in and out, with the system's reasons turned into Errors.
// Not here: formats.
#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_write_error(const std::string& path, int error) {
  if (error == ENOSPC || error == EFBIG || error == EDQUOT) {
    throw Error("M03", "cannot write " + path + ": " + std::strerror(error), {"nothing half-written was left behind"});
  }
  throw Error("M01", "cannot write " + path + ": " + std::strerror(error));
}

// write(2) until all is out; 0 or errno. SIGXFSZ would kill the process where a limit could be reported: ignored
// meanwhile.
int write_all(int file, std::string_view bytes) {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGXFSZ, &ignore, &before);
  int error = 0;
  while (!bytes.empty() && error == 0) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n >= 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) error = errno;
  }
  sigaction(SIGXFSZ, &before, nullptr);
  return error;
}

// Small pieces are put together; 0 or errno.
int write_pieces(int file, const std::function<void(const TextSink&)>& make) {
  constexpr std::size_t enough = std::size_t{1} << 16;
  std::string waiting;
  int error = 0;
  make([&](std::string_view piece) {
    if (waiting.empty() && piece.size() >= enough) {
      if (error == 0) error = write_all(file, piece);
      return;
    }
    waiting += piece;
    if (waiting.size() < enough) return;
    if (error == 0) error = write_all(file, waiting);
    waiting.clear();
  });
  return error == 0 ? write_all(file, waiting) : error;
}

}  // namespace

void write_file(const std::string& path, std::string_view bytes) {
  write_file(path, [bytes](const TextSink& out) { out(bytes); });
}

void write_file(const std::string& path, const std::function<void(const TextSink&)>& make) {
  struct stat status {};
  // A device (/dev/stdout, /dev/full) cannot be renamed over: write to it as it is.
  const bool device = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  const std::string temporary = device ? path : path + ".part" + std::to_string(::getpid());
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) throw_write_error(path, errno);
  int error = 0;
  try {
    error = write_pieces(file, make);
  } catch (...) {
    ::close(file);
    if (!device) ::unlink(temporary.c_str());
    throw;
  }
  if (error == 0 && !device && ::fsync(file) != 0) error = errno;
  if (::close(file) != 0 && error == 0) error = errno;
  if (error == 0 && !device && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    if (!device) ::unlink(temporary.c_str());
    throw_write_error(path, error);
  }
}

LineFile& LineFile::operator=(LineFile&& other) noexcept {
  close();
  path_ = std::move(other.path_);
  file_ = std::exchange(other.file_, -1);
  return *this;
}

void LineFile::open(const std::string& path) {
  close();
  path_ = path;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) throw_write_error(path, errno);
}

void LineFile::write(std::string_view line) {
  const int error = write_all(file_, std::string(line) + "\n");
  if (error != 0) throw_write_error(path_, error);
}

void LineFile::close() noexcept {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

bool make_folders(const std::string& path, const std::string& way_out) {
  std::error_code error, ignored;
  const bool made = fs::create_directories(path, error);
  if (!error && !fs::is_directory(path, ignored)) error = std::make_error_code(std::errc::not_a_directory);
  if (!error) return made;
  throw Error("M01", "cannot make the folder " + path + ": " + error.message(),
              way_out.empty() ? std::vector<std::string>() : std::vector{way_out});
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::status(path, ignored).type() != fs::file_type::not_found;
}

Error cannot_open(const std::string& path) {
  const std::string cannot = "cannot open " + path + ": ";
  const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const int reason = errno;
  if (file >= 0) ::close(file);
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return Error("D10", cannot + "it is a directory");
  if (file >= 0) return Error("D10", cannot + "it came or changed just now");
  if (reason != ENOENT) return Error("D10", cannot + std::strerror(reason));
  if (fs::is_symlink(path, ignored)) {
    return Error("D10",
                 cannot + "it is a link to " + fs::read_symlink(path, ignored).string() + ", which is not there");
  }
  std::vector<std::string> names;
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  fs::directory_iterator entry(folder, ignored);
  for (; !ignored && entry != fs::directory_iterator(); entry.increment(ignored)) {
    names.push_back(entry->path().filename().string());
  }
  std::vector<std::string> details;
  const std::string near = closest(fs::path(path).filename().string(), names);
  if (!near.empty()) details.push_back("in this folder: " + near);
  return Error("D10", cannot + "no such file", std::move(details));
}

std::string read_file(const std::string& path, std::uint64_t most) {
  std::error_code ignored;
  std::ifstream in(path, std::ios::binary);
  if (fs::is_directory(path, ignored) || !in) throw cannot_open(path);
  std::string bytes;
  char buffer[1 << 16];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0) {
    if (bytes.size() + static_cast<std::uint64_t>(in.gcount()) > most) {
      throw Error("M02", path + " is larger than " + bytes_text(static_cast<double>(most)));
    }
    bytes.append(buffer, static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) throw Error("D10", "cannot read " + path + ": " + std::strerror(errno));
  return bytes;
}

}  // namespace pellucid
