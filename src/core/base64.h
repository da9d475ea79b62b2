// Base64 encoding, for images inside HTML (data: URLs). Not here: PNG files (src/tables/images).
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

/// Encodes the bytes as RFC 4648 says, with padding.
std::string base64(std::string_view bytes);

}  // namespace pellucid
