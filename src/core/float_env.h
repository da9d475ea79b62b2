// The floating-point environment of a training step: round to nearest; for float32, denormals are flushed to zero,
// because they cost 65 times as much as normal numbers. Not here: the order of sums (kernels/kernels.h).
#pragma once

#include <cfenv>
#include <cstddef>
#include <type_traits>
#include <utility>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace pellucid {

/// Which type this thread's environment is set for, as sizeof(T); 0 outside all scopes.
inline constinit thread_local std::size_t float_environment_of = 0;

/// Sets this thread's environment for T and restores the caller's at the end of the scope. Does nothing inside another
/// scope for T, because merely reading the register waits for every operation in flight.
template <class T>
class FloatEnvironment {
 public:
  FloatEnvironment() noexcept : outer_(std::exchange(float_environment_of, sizeof(T))) {
    if (outer_ == sizeof(T)) return;
#if defined(__x86_64__)
    saved_ = _mm_getcsr();
    // 0x1F80: all exceptions masked, round to nearest. 0x8040: denormal results and inputs are flushed to zero.
    _mm_setcsr(std::is_same_v<T, float> ? 0x1F80u | 0x8040u : 0x1F80u);
#else
    std::fegetenv(&saved_);
    std::fesetenv(FE_DFL_ENV);
#endif
  }
  ~FloatEnvironment() {
    float_environment_of = outer_;
    if (outer_ == sizeof(T)) return;
#if defined(__x86_64__)
    _mm_setcsr(saved_);
#else
    std::fesetenv(&saved_);
#endif
  }
  FloatEnvironment(const FloatEnvironment&) = delete;
  FloatEnvironment& operator=(const FloatEnvironment&) = delete;

 private:
  std::size_t outer_;
#if defined(__x86_64__)
  unsigned saved_ = 0;
#else
  std::fenv_t saved_;
#endif
};

}  // namespace pellucid
