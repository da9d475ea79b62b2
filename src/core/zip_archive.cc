// ZipArchive over minizip. Not here: what the files of an archive contain.
#include "core/zip_archive.h"

#include <minizip/unzip.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

constexpr std::uint64_t deflate_limit = 1032;
constexpr std::size_t longest_read = 1u << 30;  // minizip counts in 32 bits
constexpr std::size_t longest_name = 1024;      // of a file inside the archive

}  // namespace

ZipArchive::ZipArchive(const std::string& path) : path_(path) {
  if (!std::ifstream(path)) throw cannot_open(path);
  std::error_code ignored;
  bytes_ = std::filesystem::file_size(path, ignored);
  zip_ = unzOpen64(path.c_str());
  if (zip_ == nullptr) throw Error("D16", path + " is damaged: it has no directory of a ZIP archive");
  int status = unzGoToFirstFile(zip_);
  for (; status == UNZ_OK; status = unzGoToNextFile(zip_)) {
    unz_file_info64 info;
    unz64_file_pos place;
    std::string name(longest_name, '\0');
    status = unzGetCurrentFileInfo64(zip_, &info, name.data(), longest_name, nullptr, 0, nullptr, 0);
    if (status != UNZ_OK || unzGetFilePos64(zip_, &place) != UNZ_OK) break;
    name.resize(std::min<std::size_t>(info.size_filename, longest_name));
    const bool encrypted = (info.flag & 1u) != 0;
    const bool known = info.compression_method == 0 || info.compression_method == 8;
    names_.push_back(name);
    members_.try_emplace(name, Place{place.pos_in_zip_directory, place.num_of_file, info.compressed_size,
                                     info.uncompressed_size, known && !encrypted});
  }
  if (status == UNZ_END_OF_LIST_OF_FILE) return;
  unzClose(zip_);
  throw Error("D16", path + " is damaged: the directory of its files cannot be read");
}

ZipArchive::~ZipArchive() {
  unzClose(zip_);
}

ZipArchive::Member ZipArchive::open(const std::string& name, const std::string& title) {
  const auto found = members_.find(name);
  if (found == members_.end()) throw Error("D16", title + " is missing");
  const Place& place = found->second;
  if (!place.readable) throw Error("D16", title + " is encrypted, or packed by a method other than deflate");
  const unz64_file_pos position{place.position, place.number};
  if (unzGoToFilePos64(zip_, &position) != UNZ_OK || unzOpenCurrentFile(zip_) != UNZ_OK) {
    throw Error("D16", title + " is damaged: its entry in the archive cannot be read");
  }
  Member member;
  member.open_.reset(zip_);
  member.name_ = title;
  const std::uint64_t packed = std::min({place.packed, bytes_, UINT64_MAX / deflate_limit - 1});
  member.at_most_ = std::min(place.unpacked, (packed + 1) * deflate_limit);
  return member;
}

std::size_t ZipArchive::Member::read(void* out, std::size_t bytes) {
  std::size_t done = 0;
  while (done < bytes && !at_end_) {
    const auto part = static_cast<unsigned>(std::min(bytes - done, longest_read));
    const int count = unzReadCurrentFile(open_.get(), static_cast<char*>(out) + done, part);
    if (count < 0) throw Error("D16", name_ + " is damaged: its packed data cannot be unpacked");
    if (count == 0) at_end_ = true;
    done += static_cast<std::size_t>(count);
  }
  if (open_ == nullptr || unzeof(open_.get()) == 0) return done;
  at_end_ = true;
  if (unzCloseCurrentFile(open_.release()) == UNZ_CRCERROR) {
    throw Error("D16", name_ + " is damaged: its checksum is wrong");
  }
  return done;
}

void ZipArchive::Member::Close::operator()(void* zip) const noexcept {
  unzCloseCurrentFile(zip);
}

}  // namespace pellucid
