// One array in NumPy's .npy form: header and numbers. Not here: files and archives (npy.cc, npz.cc).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "pellucid/table.h"

namespace pellucid::npy {

/// Where an array's bytes come from.
struct Input {
  std::string name;
  std::function<std::size_t(void*, std::size_t)> read;  ///< fewer bytes only at the end
  std::uint64_t at_most;                                ///< no more bytes can come
};

/// Row-major, whatever the file had. Unsigned bytes stay bytes, all else becomes double.
struct Array {
  std::vector<std::int64_t> extents;
  LargeVector<double> numbers;
  LargeVector<std::uint8_t> bytes;
  bool is_bytes = false;
  bool integers = false;

  std::int64_t rows() const { return extents.empty() ? 0 : extents.front(); }
  std::int64_t row_elements() const;
  void append(Array&& other);
  void to_numbers();
};

/// Throws D16 (no .npy, a header or type that is not read, fewer or more bytes than promised), D17 (no rows).
Array read_array(const Input& input);

/// An array of features as columns: c1, c2, … where a row has up to 4,096 single numbers, else one column of `x`; bytes
/// of images are "pixels". `whole_bytes`: rows of bytes stay together in one column.
void add_columns(Table& table, Array&& array, bool whole_bytes);

}  // namespace pellucid::npy
