// Memory of large vectors. Each vector is its own mapping, either of memory or of an unnamed temporary file.
// Not here: how much memory is free (core/free_memory.cc).
#include "core/large_data.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <new>

#include "core/memory.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr std::size_t least_bytes = std::size_t{256} << 10;

struct Shared {
  std::mutex guard;
  LargeDataUse use;
  std::string folder;
  std::map<std::uintptr_t, std::size_t> files;  // start address and length of every mapping that is backed by a file
};

// This object is never destroyed, because a vector may outlive all other static objects.
Shared& shared() {
  static auto* const all = new Shared;
  return *all;
}

std::size_t page_bytes() noexcept {
  static const auto bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

std::uintptr_t address(const void* p) noexcept {
  return reinterpret_cast<std::uintptr_t>(p);
}

void* mapped(std::size_t bytes, int flags, int file) noexcept {
  void* const p = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
  return p == MAP_FAILED ? nullptr : p;
}

[[noreturn]] void refuse(const std::string& folder, std::size_t bytes, int reason) {
  const std::string what = fmt::format("{} of data in a temporary file in {}: {}",
                                       bytes_text(static_cast<double>(bytes)), folder, std::strerror(reason));
  const bool space = reason == ENOSPC || reason == EFBIG || reason == EDQUOT;
  throw Error(space ? "M03" : "M01", (space ? "no space for " : "cannot write ") + what,
              {"data that do not fit into `memory` are stored there; TMPDIR=DIR chooses another folder"});
}

// Opens a temporary file without a name, or one whose name is removed at once.
int open_nameless(const std::string& folder) noexcept {
#ifdef O_TMPFILE
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
#endif
  std::string name = folder + "/pellucid-XXXXXX";
  const int named = ::mkstemp(name.data());
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

// Reserves the disk space in advance: without it, a page that finds no space later would end the process by a signal.
// Returns 0 or errno.
int reserve(int file, std::size_t bytes) noexcept {
  rlimit most{};  // writing beyond this limit would raise a signal
  if (::getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY && bytes > most.rlim_cur) return EFBIG;
#if defined(__linux__)
  return ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
#else
  return ::ftruncate(file, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
#endif
}

void* mapped_file(const std::string& folder, std::size_t bytes) {
  const int file = open_nameless(folder);
  if (file < 0) refuse(folder, bytes, errno);
  int reason = reserve(file, bytes);
  void* const p = reason == 0 ? mapped(bytes, MAP_SHARED, file) : nullptr;
  if (reason == 0 && p == nullptr) reason = errno;
  ::close(file);
  if (p == nullptr) refuse(folder, bytes, reason);
  ::madvise(p, bytes, MADV_RANDOM);
  return p;
}

std::string nearest_folder(std::filesystem::path folder) {
  std::error_code ignored;
  while (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) folder = folder.parent_path();
  return folder.empty() ? "." : folder.string();
}

bool is_file(Shared& all, const void* p) noexcept {
  const auto after = all.files.upper_bound(address(p));
  if (after == all.files.begin()) return false;
  const auto& [begin, bytes] = *std::prev(after);
  return address(p) < begin + bytes;
}

}  // namespace

void limit_large_data(std::optional<std::uint64_t> bytes, std::string folder) {
  const std::uint64_t free = bytes ? 0 : available_memory();
  Shared& all = shared();
  const std::lock_guard lock(all.guard);
  all.use.limit = bytes ? bytes : free > 0 ? std::optional(all.use.in_memory + free / 2) : std::nullopt;
  all.folder = nearest_folder(std::move(folder));
}

LargeDataUse large_data_use() noexcept {
  Shared& all = shared();
  const std::lock_guard lock(all.guard);
  return all.use;
}

void* allocate_large_data(std::size_t bytes) {
  if (bytes < least_bytes) return ::operator new(bytes);
  Shared& all = shared();
  const std::lock_guard lock(all.guard);
  LargeDataUse& use = all.use;
  if (!use.limit || use.in_memory + bytes <= *use.limit) {
    if (void* const p = mapped(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1)) {
      use.in_memory += bytes;
      return p;
    }
  }
  if (!use.limit) throw std::bad_alloc();
  void* const p = mapped_file(all.folder, bytes);
  try {
    all.files.emplace(address(p), bytes);
  } catch (...) {
    ::munmap(p, bytes);
    throw;
  }
  use.in_files += bytes;
  use.most_in_files = std::max(use.most_in_files, use.in_files);
  return p;
}

void free_large_data(void* p, std::size_t bytes) noexcept {
  if (bytes < least_bytes) return ::operator delete(p);
  Shared& all = shared();
  const std::lock_guard lock(all.guard);
  const bool file = all.files.erase(address(p)) > 0;
  (file ? all.use.in_files : all.use.in_memory) -= bytes;
  ::munmap(p, bytes);
}

void give_back_pages(void* begin, std::size_t vector_bytes, std::size_t first, std::size_t last) noexcept {
  if (vector_bytes < least_bytes) return;
  const std::size_t page = page_bytes();
  first = first / page * page;
  last = last / page * page;
  if (first >= last) return;
  void* const from = static_cast<char*>(begin) + first;
#ifdef MADV_REMOVE
  // If the file system cannot free a part of a file, the whole file is freed when the vector is destroyed.
  ::madvise(from, last - first, lies_in_file(begin) ? MADV_REMOVE : MADV_DONTNEED);
#else
  if (!lies_in_file(begin)) ::madvise(from, last - first, MADV_DONTNEED);
#endif
}

bool lies_in_file(const void* p) noexcept {
  Shared& all = shared();
  const std::lock_guard lock(all.guard);
  return is_file(all, p);
}

void expect_random_reads(const void* p, std::size_t bytes) noexcept {
  if (!lies_in_file(p)) return advise_huge_pages(p, bytes);
  expect_reading(p, bytes, Reading::single_pages);
}

void expect_reading(const void* p, std::size_t bytes, Reading reading) noexcept {
  if (!lies_in_file(p)) return;
  ::madvise(const_cast<void*>(p), bytes, reading == Reading::in_order ? MADV_NORMAL : MADV_RANDOM);
}

bool more_than_memory(std::size_t bytes_in_files) noexcept {
  return bytes_in_files > 0 && bytes_in_files > available_memory();
}

void read_ahead(const void* p, std::size_t bytes) noexcept {
  const std::uintptr_t begin = address(p) / page_bytes() * page_bytes();
  ::madvise(reinterpret_cast<void*>(begin), address(p) + bytes - begin, MADV_WILLNEED);
}

bool fits_into_memory(double bytes) noexcept {
  const LargeDataUse use = large_data_use();
  return !use.limit || static_cast<double>(use.in_memory) + bytes <= static_cast<double>(*use.limit);
}

void require_large_data(double bytes, const std::string& what, std::vector<std::string> details) {
  if (large_data_use().limit) return;
  const auto free = static_cast<double>(available_memory());
  if (free == 0 || bytes <= free) return;
  throw Error("M02", fmt::format("{} needs {}, {} are free", what, bytes_text(bytes), bytes_text(free)),
              std::move(details));
}

}  // namespace pellucid
