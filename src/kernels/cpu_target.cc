// Which instruction set the kernels chose. Not here: the choosing (kernels.cc).
#include "kernels/kernels.h"
#include "pellucid/version.h"

namespace pellucid {

std::string cpu_target() {
  return kernels<float>().target;
}

}  // namespace pellucid
