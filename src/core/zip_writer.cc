// ZipWriter over minizip, which writes through functions that append to a string. Not here: reading (zip_archive.cc).
#include "core/zip_writer.h"

#include <minizip/zip.h>

#include <algorithm>
#include <cstring>

#include "pellucid/error.h"

namespace pellucid {

struct ZipWriter::Memory {
  std::string bytes;
  std::size_t at = 0;
};

namespace {

using Memory = ZipWriter::Memory;

void* open_memory(void* memory, const void*, int) {
  return memory;
}

unsigned long read_memory(void*, void* stream, void* to, unsigned long count) {
  Memory& memory = *static_cast<Memory*>(stream);
  const std::size_t part = std::min<std::size_t>(count, memory.bytes.size() - std::min(memory.at, memory.bytes.size()));
  std::memcpy(to, memory.bytes.data() + memory.at, part);
  memory.at += part;
  return part;
}

unsigned long write_memory(void*, void* stream, const void* from, unsigned long count) {
  Memory& memory = *static_cast<Memory*>(stream);
  if (memory.bytes.size() < memory.at + count) memory.bytes.resize(memory.at + count);
  std::memcpy(memory.bytes.data() + memory.at, from, count);
  memory.at += count;
  return count;
}

ZPOS64_T tell_memory(void*, void* stream) {
  return static_cast<Memory*>(stream)->at;
}

long seek_memory(void*, void* stream, ZPOS64_T offset, int origin) {
  Memory& memory = *static_cast<Memory*>(stream);
  const std::size_t from = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                           : origin == ZLIB_FILEFUNC_SEEK_CUR ? memory.at
                                                              : memory.bytes.size();
  memory.at = from + offset;
  return 0;
}

int close_memory(void*, void*) {
  return 0;
}

void require(int status) {
  if (status != ZIP_OK) throw Error("M02", "a ZIP archive cannot be written in memory");
}

}  // namespace

ZipWriter::ZipWriter() : memory_(std::make_unique<Memory>()) {
  zlib_filefunc64_def functions{.zopen64_file = open_memory,
                                .zread_file = read_memory,
                                .zwrite_file = write_memory,
                                .ztell64_file = tell_memory,
                                .zseek64_file = seek_memory,
                                .zclose_file = close_memory,
                                .zerror_file = close_memory,
                                .opaque = memory_.get()};
  zip_ = zipOpen2_64("", APPEND_STATUS_CREATE, nullptr, &functions);
  require(zip_ != nullptr ? ZIP_OK : ZIP_INTERNALERROR);
}

ZipWriter::~ZipWriter() {
  if (zip_ != nullptr) zipClose(zip_, nullptr);
}

void ZipWriter::add(const std::string& name, std::string_view bytes) {
  zip_fileinfo info{};
  info.tmz_date.tm_year = 1980;  // the earliest time that the format knows
  info.tmz_date.tm_mday = 1;
  constexpr std::size_t large = std::size_t{1} << 31, most_at_once = std::size_t{1} << 30;
  require(
      zipOpenNewFileInZip64(zip_, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, 0, 0, bytes.size() >= large));
  for (std::size_t at = 0; at < bytes.size(); at += most_at_once) {
    const auto part = static_cast<unsigned>(std::min(most_at_once, bytes.size() - at));
    require(zipWriteInFileInZip(zip_, bytes.data() + at, part));
  }
  require(zipCloseFileInZip(zip_));
}

std::string ZipWriter::finish() {
  require(zipClose(zip_, nullptr));
  zip_ = nullptr;
  return std::move(memory_->bytes);
}

}  // namespace pellucid
