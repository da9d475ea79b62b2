// SHA-256 of bytes and files. Not here: the arithmetic (OpenSSL's libcrypto).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pellucid::app {

/// The SHA-256 of the bytes as 64 hexadecimal digits in lower case.
std::string sha256_of(std::string_view bytes);
/// The SHA-256 of a file. Throws D10 if it cannot be read.
std::string sha256_of_file(const std::string& path);

/// Whether there is a regular file of exactly this size and checksum.
bool file_holds(const std::string& path, std::uint64_t size, const std::string& sha256);

}  // namespace pellucid::app
