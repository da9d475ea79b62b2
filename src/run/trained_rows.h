// TrainedRows: which rows a model was trained on, as keys in a file of its run. Not here: keys of rows
// (prepare/row_key.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pellucid/dataset.h"
#include "pellucid/large_vector.h"

namespace pellucid {

class TrainedRows {
 public:
  static constexpr const char* file_name = "train_rows.keys";

  /// What the file holds: 24 bytes ("PLROWKEY", then as little-endian 64-bit numbers how many leading bits are 0 in the
  /// keys that are kept, and how many keys), then the keys, ascending. At most 65,536 are kept: of more rows those
  /// whose keys begin with so many zero bits, a sample that depends on nothing but the rows.
  static std::string bytes_of(const Dataset& train);
  /// Of the run that this model file lies in; nothing where it lies in none. Throws D16 for a damaged file.
  static std::optional<TrainedRows> beside(const std::string& model_file);
  /// Throws D16.
  static TrainedRows from_bytes(std::string_view bytes, const std::string& name);

  bool is_sample() const noexcept { return zero_bits_ > 0; }
  /// How many of these rows equal a training row in all features and targets; from the sample, where it is one.
  std::int64_t among(const Dataset& rows) const;

 private:
  std::int64_t zero_bits_ = 0;
  LargeVector<std::uint64_t> keys_;
};

}  // namespace pellucid
