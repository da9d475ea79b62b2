// Files for tests. Not here: random numbers (support/numbers.h).
#include "support/files.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>

namespace pellucid::test {

namespace fs = std::filesystem;

TempFolder::TempFolder() {
  static int count = 0;
  path_ = fs::temp_directory_path() / ("pellucid-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
  fs::create_directories(path_);
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TempFolder::file(const std::string& name, std::string_view bytes) const {
  const fs::path file = path_ / name;
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return file.string();
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

namespace {

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

// The fields that the local header and the central directory share, from "version needed" on.
void put_member(std::string& out, const Member& member) {
  const auto size = static_cast<std::uint32_t>(member.bytes.size());
  put(out, 20, 2);
  for (int zero = 0; zero < 4; ++zero) put(out, 0, 2);  // flags, method "stored", time, date
  put(out, static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(member.bytes.data()), size)), 4);
  put(out, size, 4);
  put(out, size, 4);
  put(out, static_cast<std::uint32_t>(member.name.size()), 2);
  put(out, 0, 2);
}

}  // namespace

std::string zip(const std::vector<Member>& members) {
  std::string out;
  std::string directory;
  for (const Member& member : members) {
    const auto at = static_cast<std::uint32_t>(out.size());
    out += "PK\x03\x04";
    put_member(out, member);
    out += member.name + member.bytes;
    directory += "PK\x01\x02";
    put(directory, 20, 2);
    put_member(directory, member);
    for (int zero = 0; zero < 5; ++zero) put(directory, 0, 2);  // comment, disk, attributes
    put(directory, at, 4);
    directory += member.name;
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  const auto count = static_cast<std::uint32_t>(members.size());
  out += directory + "PK\x05\x06";
  put(out, 0, 4);
  put(out, count, 2);
  put(out, count, 2);
  put(out, static_cast<std::uint32_t>(directory.size()), 4);
  put(out, start, 4);
  put(out, 0, 2);
  return out;
}

std::optional<std::string> data_file(const std::string& name) {
  const char* given = std::getenv("PELLUCID_DATA");
  const fs::path folder = given ? fs::path(given) : fs::path(PELLUCID_SOURCE_DIR) / ".." / "shared" / "data";
  std::error_code ignored;
  if (!fs::exists(folder / name, ignored)) return std::nullopt;
  return (folder / name).string();
}

Error refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was refused";
  return Error("none", "");
}

}  // namespace pellucid::test
