// Reading and writing whole files; errors of the operating system become Errors.
// Not here: file formats (src/tables/readers, src/files).
#include "core/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/new_file.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace fs = std::filesystem;

void write_file(const std::string& path, std::string_view bytes) {
  write_file(path, [bytes](const TextSink& out) { out(bytes); });
}

void write_file(const std::string& path, const std::function<void(const TextSink&)>& make) {
  // Small pieces are collected up to this size before they are written.
  constexpr std::size_t enough = std::size_t{1} << 16;
  NewFile file(path);
  std::string waiting;
  make([&](std::string_view piece) {
    if (waiting.empty() && piece.size() >= enough) {
      file.write(piece);
      return;
    }
    waiting += piece;
    if (waiting.size() < enough) return;
    file.write(waiting);
    waiting.clear();
  });
  file.write(waiting);
  file.commit();
}

bool make_folders(const std::string& path, const std::string& way_out) {
  std::error_code error, ignored;
  const bool made = fs::create_directories(path, error);
  if (!error && !fs::is_directory(path, ignored)) error = std::make_error_code(std::errc::not_a_directory);
  if (!error) return made;
  throw Error("M01", "cannot create the folder " + path + ": " + error.message(),
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
  if (file >= 0) return Error("D10", cannot + "it was created or changed at this moment");
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
