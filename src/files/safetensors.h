// The safetensors container: named tensors and a table of texts. Every tool that reads safetensors can open the files.
// Not here: the meaning of the tensors (files/model_file.cc, train/checkpoint.cc).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pellucid/tensor.h"

namespace pellucid {

/// A tensor inside a file's bytes, or one to be written. The bytes are little-endian.
struct StoredTensor {
  std::string name;
  std::string dtype;  ///< "F32" or "F64" in pellucid's own files
  Shape shape;
  std::string_view bytes;
};

struct StoredFile {
  std::vector<StoredTensor> tensors;  ///< in the order of their bytes; each name occurs once
  std::map<std::string, std::string> texts;
  /// Index into `tensors` by name; filled for a file that was read.
  std::unordered_map<std::string, std::size_t> places;

  const StoredTensor* find(const std::string& name) const;  ///< looks up `places`; null if there is no such tensor
};

template <class T>
StoredTensor stored(const std::string& name, const Shape& shape, std::span<const T> values);

/// The values of a stored tensor as T, converted if the file has the other precision. Reading the file has checked the
/// count.
template <class T>
Tensor<T> restored(const StoredTensor& tensor);

/// The bytes of the file; the text "checksum" holds a CRC-32 over all of them.
std::string write_safetensors(const StoredFile& file);

/// Reads the file; the tensors are views into `bytes`. Throws D21 that names the problem: too short, header length,
/// JSON, dtype, shape against bytes, gaps, overlaps, checksum. `name` opens the message.
StoredFile read_safetensors(std::string_view bytes, const std::string& name);

/// The same for a file of any program: no checksum, no texts, and other types of numbers too.
StoredFile read_any_safetensors(std::string_view bytes, const std::string& name);

}  // namespace pellucid
