// The net of a C source: weights as constants and one function from features to outputs.
// Not here: columns of a table (columns.h), the function's surroundings (source.cc).
#pragma once

#include <cstdint>
#include <string>

#include "export/c/functions.h"
#include "export/net.h"

namespace pellucid::c {

struct NetText {
  std::string constants;  ///< definitions of arrays
  std::string body;       ///< of a function with `const float *x` and `float *y`
  std::int64_t constant_bytes = 0, stack_bytes = 0;
};

NetText net_text(const Model& model, const Net& net, const std::string& prefix, Functions& functions);

}  // namespace pellucid::c
