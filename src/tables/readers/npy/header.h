// The header of a .npy array: a Python dictionary with three entries. Not here: the numbers (array.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::npy {

struct Header {
  char kind = 0;  ///< 'f', 'i', 'u', 'b'; others as they stand
  int size = 0;   ///< bytes of one number
  bool fortran_order = false;
  std::vector<std::int64_t> extents;
};

/// Throws D16 on anything but descr, fortran_order and shape, once each, as NumPy writes them.
Header parse_header(std::string_view text, const std::string& name);

}  // namespace pellucid::npy
