// The version, from the build. Not here: cpu_target (src/kernels).
#include "pellucid/version.h"

namespace pellucid {

std::string version() {
  return PELLUCID_VERSION;
}

}  // namespace pellucid
