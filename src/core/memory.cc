// Aligned allocation with a check of the limit first.
// Not here: how much is free (free_memory.cc), sharing out an arena (src/model/workspace.h).
#include "core/memory.h"

#include <cstdlib>
#include <cstring>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// A column of a large matrix touches a page a row; with pages this large the processor still knows where they all lie.
constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t worth_a_huge_page = huge_page / 4;

constexpr double large = 64 << 20;  // below this the check would cost more than it is worth

}  // namespace

void require_memory(double bytes) {
  if (bytes <= large) return;
  const auto available = static_cast<double>(available_memory());
  if (bytes < 0x1p46 && (available == 0 || bytes <= available)) return;
  throw Error("M02", bytes_text(bytes) + " are needed at once, " + bytes_text(available) + " are available");
}

template <class T>
T* aligned_zeros(std::int64_t count) {
  require_memory(static_cast<double>(count) * sizeof(T));
  const std::size_t padded = (static_cast<std::size_t>(count) * sizeof(T) + 64 + 63) / 64 * 64;
  void* p = allocate_large(padded);
  std::memset(p, 0, padded);
  return static_cast<T*>(p);
}

void* allocate_large(std::size_t bytes) {
  const std::size_t alignment = bytes >= worth_a_huge_page ? huge_page : 64;
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* p = std::aligned_alloc(alignment, rounded);
  if (p == nullptr) throw Error("M02", bytes_text(static_cast<double>(bytes)) + " could not be allocated");
#ifdef MADV_HUGEPAGE
  if (alignment == huge_page) madvise(p, rounded, MADV_HUGEPAGE);  // a wish: where it is refused, all is as before
#endif
  return p;
}

void wish_huge_pages([[maybe_unused]] const void* p, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
  const auto begin = (reinterpret_cast<std::uintptr_t>(p) + huge_page - 1) / huge_page * huge_page;
  const auto end = (reinterpret_cast<std::uintptr_t>(p) + bytes) / huge_page * huge_page;
  if (begin >= end) return;
  constexpr int collapse = 25;  // MADV_COLLAPSE, since Linux 6.1: at once
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
  madvise(reinterpret_cast<void*>(begin), end - begin, collapse);
#endif
}

void aligned_free(void* p) noexcept {
  std::free(p);
}

template float* aligned_zeros<float>(std::int64_t);
template double* aligned_zeros<double>(std::int64_t);

}  // namespace pellucid
