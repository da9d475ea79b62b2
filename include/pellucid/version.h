// The version of the library, and the instruction set that it uses on this machine.
// Not here: the version of the model file's format (docs/model-file.md).
#pragma once

#include <string>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The version of the library at run time, "0.1.0".
std::string version();
/// The instruction set of the kernels that are used on this machine: "avx512", "avx2", "sse4" or "scalar".
std::string cpu_target();

}  // namespace pellucid
