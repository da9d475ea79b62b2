// The plain scalar twin: what every kernel means, one element after the other, with std::fma.
// Not here: speed.
#pragma once

#include "kernels/kernels.h"

namespace pellucid::scalar {

template <class T>
const Kernels<T>& table() noexcept;

}  // namespace pellucid::scalar
