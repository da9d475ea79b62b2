// Aligned allocation that checks the available memory first.
// Not here: how much memory is free (core/free_memory.cc), the layout of an arena (model/workspace.h).
#include "core/memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#if defined(__linux__)
#include <pthread.h>
#include <sys/mman.h>
#endif

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// Reading one column of a large matrix touches one page per row. With 2 MiB pages the processor's TLB still covers them
// all.
constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t worth_a_huge_page = huge_page / 4;

constexpr double large = 64 << 20;  // bytes; below this size the check would cost more than it is worth

}  // namespace

void require_memory(double bytes) {
  if (bytes <= large) return;
  const auto available = static_cast<double>(available_memory());
  if (bytes < 0x1p46 && (available == 0 || bytes <= available)) return;
  throw Error("M02", bytes_text(bytes) + " are needed at once, " + bytes_text(available) + " are available");
}

namespace {

#if defined(__GLIBC__)
constexpr std::size_t least_stack = 640 << 10;

// Bytes of stack left below the current frame of the calling thread.
std::size_t stack_left() {
  pthread_attr_t attributes;
  void* lowest = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return least_stack;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const auto end = reinterpret_cast<std::uintptr_t>(lowest);
  // On a fiber, the stack pointer lies outside the thread's stack.
  return here > end && here - end <= size ? here - end : least_stack;
}

std::size_t stack_of_new_threads() {
  pthread_attr_t attributes;
  std::size_t size = 0;
  if (pthread_getattr_default_np(&attributes) != 0) return least_stack;
  pthread_attr_getstacksize(&attributes, &size);
  pthread_attr_destroy(&attributes);
  return size;
}
#endif

}  // namespace

void require_stack() {
#if defined(__GLIBC__)
  thread_local bool enough = false;
  if (enough) return;
  const std::size_t left = std::min(stack_left(), stack_of_new_threads());
  enough = left >= least_stack;
  if (enough) return;
  throw Error("M02",
              bytes_text(static_cast<double>(left)) + " of stack are left for this thread or those it starts; " +
                  bytes_text(least_stack) + " are needed",
              {"give the thread a larger stack, or raise the limit (ulimit -s 8192)"});
#endif
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
  // A hint; if the system refuses, normal pages are used.
  if (alignment == huge_page) madvise(p, rounded, MADV_HUGEPAGE);
#endif
  return p;
}

void advise_huge_pages([[maybe_unused]] const void* p, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
  const auto begin = (reinterpret_cast<std::uintptr_t>(p) + huge_page - 1) / huge_page * huge_page;
  const auto end = (reinterpret_cast<std::uintptr_t>(p) + bytes) / huge_page * huge_page;
  if (begin >= end) return;
  constexpr int collapse = 25;  // MADV_COLLAPSE makes huge pages at once; needs Linux 6.1
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
