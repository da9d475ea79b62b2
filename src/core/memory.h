// Aligned allocation, and how much memory the machine or its container still has.
// Not here: the arena of a plan (model/workspace.h), vectors that may be backed by a file (core/large_data.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pellucid {

/// Allocates 64-byte aligned zeros, with 64 bytes of padding after them, so that a full vector may be read beyond the
/// end. Throws M02 in advance if the free memory (cgroup limit included) cannot hold them.
template <class T>
T* aligned_zeros(std::int64_t count);
void aligned_free(void* p) noexcept;

/// Allocates memory on huge pages if it is large: for random reads, a TLB miss on 4 KiB pages costs more than the read.
void* allocate_large(std::size_t bytes);
/// The same for existing memory, whose contents stay. A hint: if the system refuses, nothing changes.
void advise_huge_pages(const void* p, std::size_t bytes) noexcept;

/// For buffers with random reads and writes that must stay in memory.
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

/// Throws M02 if this many bytes are not available; for work that would otherwise fail late.
void require_memory(double bytes);

/// Throws M02 if the calling thread, or threads started later, have less stack than the kernels need (they copy parts
/// of matrices to it). An unknown stack size counts as enough.
void require_stack();

/// Bytes that can still be allocated: the minimum of MemAvailable and what the cgroups and RLIMIT_DATA (ulimit -d)
/// leave. The system's file cache counts as free, because it is dropped when memory is needed. 0: unknown.
std::uint64_t available_memory() noexcept;

/// Bytes that the cgroups leave, given the text of /proc/self/cgroup and the folder where they are mounted; 0: no
/// limit.
std::uint64_t memory_left_by_cgroups(std::string_view groups, const std::string& root);

}  // namespace pellucid
