// Parses the header of a .npy array, a Python dictionary with three entries. Not here: the numbers (array.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::npy {

struct Header {
  char kind = 0;               ///< NumPy's letter for the type: 'f', 'i', 'u', 'b', or one that is not supported
  int size = 0;                ///< bytes per number
  bool fortran_order = false;  ///< whether the numbers are in column-major order
  std::vector<std::int64_t> extents;
};

/// Throws D16 unless the text has descr, fortran_order and shape, once each, in NumPy's spelling, and nothing else.
Header parse_header(std::string_view text, const std::string& name);

}  // namespace pellucid::npy
