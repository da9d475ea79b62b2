// The version number, set by the build. Not here: cpu_target (kernels/cpu_target.cc).
#include "pellucid/version.h"

namespace pellucid {

std::string version() {
  return PELLUCID_VERSION;
}

}  // namespace pellucid
