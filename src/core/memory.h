// Aligned memory, and what the machine (or its container) can still give.
// Not here: the arena of a plan (src/model/workspace.h).
#pragma once

#include <cstddef>
#include <cstdint>

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

/// For containers that are large and read at random.
template <class T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) noexcept {}
  T* allocate(std::size_t n) { return static_cast<T*>(allocate_large(n * sizeof(T))); }
  void deallocate(T* p, std::size_t) noexcept { aligned_free(p); }
  bool operator==(const LargeAllocator&) const = default;
};

/// Throws M02 where so much is not to be had; for work that would otherwise find out late.
void require_memory(double bytes);

/// Bytes that can still be had: the smaller of MemAvailable and what the cgroup leaves. 0: unknown.
std::uint64_t available_memory() noexcept;

}  // namespace pellucid
