// Bytes as text for data: addresses. Not here: what the bytes are.
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

/// RFC 4648, padded.
std::string base64(std::string_view bytes);

}  // namespace pellucid
