// The safetensors container: named tensors and a table of texts. Any tool of that format can open what is written.
// Not here: what the tensors mean (src/files/model_file.cc, src/train/checkpoint.cc).
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

/// A tensor inside the bytes of a file, or about to be written. The bytes are little-endian.
struct StoredTensor {
  std::string name;
  std::string dtype;  ///< "F32" or "F64"
  Shape shape;
  std::string_view bytes;
};

struct StoredFile {
  std::vector<StoredTensor> tensors;  ///< in the order of their bytes, each name once
  std::map<std::string, std::string> texts;
  std::unordered_map<std::string, std::size_t> places;  ///< of a file that was read: of each tensor by its name

  const StoredTensor* find(const std::string& name) const;  ///< in `places`; null: there is none
};

template <class T>
StoredTensor stored(const std::string& name, const Shape& shape, std::span<const T> values);

/// Values of a stored tensor in T, converted where it was stored in the other precision. The count was checked on
/// reading.
template <class T>
Tensor<T> restored(const StoredTensor& tensor);

/// The file's bytes, with a CRC-32 over all of them in the text "checksum".
std::string write_safetensors(const StoredFile& file);

/// Views into `bytes`. Throws D21 saying what is wrong: too short, header length, JSON, dtype, shape against bytes,
/// gaps, overlaps, checksum. `name` opens the message.
StoredFile read_safetensors(std::string_view bytes, const std::string& name);

}  // namespace pellucid
