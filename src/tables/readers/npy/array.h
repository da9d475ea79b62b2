// Reads one array in NumPy's .npy format and turns it into columns. Not here: files and archives (npy.cc, npz.cc).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "pellucid/table.h"

namespace pellucid::npy {

/// Source of an array's bytes.
struct Input {
  std::string name;                                     ///< for messages
  std::function<std::size_t(void*, std::size_t)> read;  ///< reads bytes; returns fewer than asked only at the end
  std::uint64_t at_most;                                ///< upper limit for the number of bytes
  bool scalars = false;                                 ///< whether an array without axes may be read
};

/// An array in row-major order, also if the file is column-major. Unsigned bytes stay bytes, other types become double.
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

/// The half-precision number (float16) at this place.
double half_number(const char* from) noexcept;

/// Throws D16 (not .npy, an unsupported header or type, fewer or more bytes than the header says), D17 (no rows).
Array read_array(const Input& input);

/// Adds an array of features to the table: as columns c1, c2, … if each row is a list of up to 4,096 numbers, else as
/// one column "x" (or "pixels" for bytes with two or more dimensions per row). `whole_bytes`: a row that is a list of
/// bytes also becomes one cell of the column "x".
void add_columns(Table& table, Array&& array, bool whole_bytes);

}  // namespace pellucid::npy
