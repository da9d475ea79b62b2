// The floating-point environment of every step: round to nearest; denormals flushed for float32 (they cost 65 times
// more). Not here: the order of sums (kernels).
#pragma once

#include <cfenv>
#include <cstddef>
#include <type_traits>
#include <utility>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace pellucid {

/// What this thread's environment is set for: the size of T, 0 outside of all scopes.
inline constinit thread_local std::size_t float_environment_of = 0;

/// Sets the environment of this thread for T and restores the caller's at the end of the scope. Within another scope
/// for T there is nothing to do: even to look at the register would be to wait for every operation under way.
template <class T>
class FloatEnvironment {
 public:
  FloatEnvironment() noexcept : outer_(std::exchange(float_environment_of, sizeof(T))) {
    if (outer_ == sizeof(T)) return;
#if defined(__x86_64__)
    saved_ = _mm_getcsr();
    // 0x1F80: all exceptions masked, round to nearest. 0x8040: flush results and inputs that are denormal.
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
