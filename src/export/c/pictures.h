// C source of convolution and pooling. Not here: the other operations of a net (net.cc).
#pragma once

#include <string>

#include "export/net.h"

namespace pellucid::c {

/// Loops over the windows of one picture, in the order of Expression::convolution and pool. from, to, weight, bias:
/// names of arrays; bias empty: sums begin at 0. filters: channels of the output.
std::string convolution_text(const NetOperation& operation, std::int64_t filters, const std::string& from,
                             const std::string& weight, const std::string& bias, const std::string& to);
std::string pool_text(const NetOperation& operation, const std::string& from, const std::string& to);

}  // namespace pellucid::c
