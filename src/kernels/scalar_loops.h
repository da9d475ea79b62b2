// The scalar twin's loops over elements: addition, scaling, multiplication, widening of bytes.
// Not here: sums, products and formulas (scalar.cc), the vector form of these loops (simple.cc).
#pragma once

#include <cmath>
#include <cstdint>

namespace pellucid::scalar {

template <class T>
void add(std::int64_t n, const T* a, T* b) noexcept {
  for (std::int64_t i = 0; i < n; ++i) b[i] += a[i];
}

template <class T>
void axpy(std::int64_t n, T factor, const T* a, T* b) noexcept {
  for (std::int64_t i = 0; i < n; ++i) b[i] = std::fma(factor, a[i], b[i]);
}

template <class T>
void scale(std::int64_t n, T factor, T* a) noexcept {
  for (std::int64_t i = 0; i < n; ++i) a[i] *= factor;
}

template <class T>
void multiply(std::int64_t n, const T* a, T* b) noexcept {
  for (std::int64_t i = 0; i < n; ++i) b[i] *= a[i];
}

template <class T>
void widen(std::int64_t n, const std::uint8_t* x, T offset, T factor, T* y) noexcept {
  for (std::int64_t i = 0; i < n; ++i) y[i] = (static_cast<T>(x[i]) + offset) * factor;
}

}  // namespace pellucid::scalar
