// The version of pellucid that a program was built with and runs with.
// Not here: the version of the model file's format (docs/model-file.md).
#pragma once

#include <string>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// "0.1.0", of the library that is linked.
std::string version();
/// The instruction set the kernels chose on this machine: "avx512", "avx2", "sse4" or "scalar".
std::string cpu_target();

}  // namespace pellucid
