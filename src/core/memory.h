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

/// Throws M02 where so much is not to be had; for work that would otherwise find out late.
void require_memory(double bytes);

/// Bytes that can still be had: the smaller of MemAvailable and what the cgroup leaves. 0: unknown.
std::uint64_t available_memory() noexcept;

}  // namespace pellucid
