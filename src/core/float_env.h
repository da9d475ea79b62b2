// The floating-point environment of every step: round to nearest; denormals flushed for float32 (they cost 65 times
// more). Not here: the order of sums (kernels).
#pragma once

#include <cfenv>
#include <type_traits>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace pellucid {

/// Sets the environment of this thread for T and restores the caller's at the end of the scope.
template <class T>
class FloatEnvironment {
 public:
  FloatEnvironment() noexcept {
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
#if defined(__x86_64__)
    _mm_setcsr(saved_);
#else
    std::fesetenv(&saved_);
#endif
  }
  FloatEnvironment(const FloatEnvironment&) = delete;
  FloatEnvironment& operator=(const FloatEnvironment&) = delete;

 private:
#if defined(__x86_64__)
  unsigned saved_;
#else
  std::fenv_t saved_;
#endif
};

}  // namespace pellucid
