// LargeVector: a std::vector for what grows with the rows of a data set; where memory is short it lies in a temporary
// file. Not here: tables (table.h), features (dataset.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// Bytes in large vectors now. Those below 256 KiB are not counted, and always in memory.
struct LargeDataUse {
  std::uint64_t in_memory = 0, in_files = 0;
  std::uint64_t most_in_files = 0;     ///< at any time so far
  std::optional<std::uint64_t> limit;  ///< of in_memory; nothing: none was set
};

/// From here on a large vector that would bring those in memory above `bytes` (nothing: half of the memory that is free
/// now) lies in a temporary file of `folder`, or of the nearest folder above it that is there, mapped into memory: the
/// system writes its pages out and drops them when it needs the memory, and it is as large as the disk allows. The
/// files have no name, so that nothing is left behind however the process ends. For the whole process; without this
/// call no file is made. Making a vector then throws M03 where the disk is full, M01 where the folder is not writable.
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
