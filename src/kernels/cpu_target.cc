// The name of the instruction set that the kernels use. Not here: choosing it (kernels/kernels.cc).
#include "kernels/kernels.h"
#include "pellucid/version.h"

namespace pellucid {

std::string cpu_target() {
  return kernels<float>().target;
}

}  // namespace pellucid
