// LargeVector: a std::vector for data that grow with the number of rows; when memory is short, it is kept in a
// temporary file.
// Not here: tables (table.h), features (dataset.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// Bytes that large vectors use now. Vectors below 256 KiB are not counted; they are always in memory.
struct LargeDataUse {
  std::uint64_t in_memory = 0, in_files = 0;
  std::uint64_t most_in_files = 0;     ///< largest value of in_files so far
  std::optional<std::uint64_t> limit;  ///< limit of in_memory in bytes; empty: no limit was set
};

/// Sets a limit, in bytes, on the memory that all large vectors of the process use together. Default of `bytes`: half
/// of the memory that is free now. A vector that would exceed the limit is kept in a temporary file, mapped into
/// memory, which the operating system writes out and reads back as needed; only the disk limits its size. The files are
/// created in `folder`, or in its nearest parent folder that exists. They have no name, so nothing is left behind
/// however the process ends. Without this call no file is ever created. Afterwards, making a vector throws M03 if the
/// disk is full, M01 if the folder is not writable.
void limit_large_data(std::optional<std::uint64_t> bytes, std::string folder = ".");
LargeDataUse large_data_use() noexcept;

void* allocate_large_data(std::size_t bytes);
void free_large_data(void* p, std::size_t bytes) noexcept;

template <class T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) noexcept {}
  T* allocate(std::size_t n) { return static_cast<T*>(allocate_large_data(n * sizeof(T))); }
  void deallocate(T* p, std::size_t n) noexcept { free_large_data(p, n * sizeof(T)); }
  bool operator==(const LargeAllocator&) const = default;
};

template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

template <class T>
bool operator==(const LargeVector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace pellucid
