// The version of the library, also as macros (PELLUCID_VERSION_MAJOR, …), and the instruction set that it uses on this
// machine. Not here: the version of the model file's format (docs/model-file.md).
#pragma once

#include <string>

#include "pellucid/export.h"
#include "pellucid/version_macros.h"

namespace PELLUCID_EXPORT pellucid {

/// The version of the library at run time, "0.1.0"; PELLUCID_VERSION_STRING is that of the headers.
std::string version();
/// The instruction set of the kernels that are used on this machine: "avx512", "avx2", "sse4" or "scalar".
std::string cpu_target();

}  // namespace pellucid
