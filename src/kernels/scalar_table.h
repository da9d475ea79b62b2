// The kernel table of the plain scalar twin, which defines what every kernel computes: one element after the other,
// with std::fma. Slow.
// Not here: fast kernels (kernels/kernels.cc).
#pragma once

#include "kernels/kernels.h"

namespace pellucid::scalar {

template <class T>
const Kernels<T>& table() noexcept;

}  // namespace pellucid::scalar
