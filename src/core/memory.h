// Aligned memory, and what the machine (or its container) can still give.
// Not here: the arena of a plan (src/model/workspace.h), vectors that may lie in a file (large_data.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pellucid {

/// 64-byte aligned zeros with 64 bytes of padding behind, so that a full vector may be read past the end.
/// Throws M02 beforehand where the machine's free memory (cgroup limit included) cannot hold them.
template <class T>
T* aligned_zeros(std::int64_t count);
void aligned_free(void* p) noexcept;

/// Memory that lies on huge pages where it is large: read at random, a page of 4 KiB costs more than what is read.
void* allocate_large(std::size_t bytes);
/// The same for memory that is there already. What it holds stays; where the system refuses, so does everything else.
void wish_huge_pages(const void* p, std::size_t bytes) noexcept;

/// For buffers that are written and read at random and must lie in memory.
template <class T>
struct HugePageAllocator {
  using value_type = T;
  HugePageAllocator() = default;
  template <class U>
  HugePageAllocator(const HugePageAllocator<U>&) noexcept {}
  T* allocate(std::size_t n) { return static_cast<T*>(allocate_large(n * sizeof(T))); }
  void deallocate(T* p, std::size_t) noexcept { aligned_free(p); }
  bool operator==(const HugePageAllocator&) const = default;
};

/// Throws M02 where so much is not to be had; for work that would otherwise find out late.
void require_memory(double bytes);

/// Throws M02 where the calling thread, or threads that are started, have less stack than the kernels take (they copy
/// parts of matrices to it). Unknown is enough.
void require_stack();

/// Bytes that can still be had: the least of MemAvailable and what the cgroups and RLIMIT_DATA (ulimit -d) leave. What
/// the system keeps of files counts as free, for it is dropped when memory is needed. 0: unknown.
std::uint64_t available_memory() noexcept;

/// What cgroups leave, given the text of /proc/self/cgroup and the folder they are mounted in; 0: no limit.
std::uint64_t memory_left_by_cgroups(std::string_view groups, const std::string& root);

}  // namespace pellucid
