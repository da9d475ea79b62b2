// TrainedRows: which rows a model was trained on, as hash keys in a file of its run.
// Not here: keys of rows (prepare/row_key.h).
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

  /// The content of the file: "PLROWKEY", then two little-endian 64-bit numbers (how many leading bits are zero in all
  /// kept keys; the number of keys), then the keys in ascending order. At most 65,536 keys are kept. With more rows,
  /// only keys that begin with enough zero bits are kept: a sample that depends only on the rows.
  static std::string bytes_of(const Dataset& train);
  /// Reads the file in the folder of this model file; nothing if there is none. Throws D16 for a damaged file.
  static std::optional<TrainedRows> beside(const std::string& model_file);
  /// Throws D16.
  static TrainedRows from_bytes(std::string_view bytes, const std::string& name);

  bool is_sample() const noexcept { return zero_bits_ > 0; }
  /// Number of these rows that equal a training row in all features and targets; an estimate if is_sample().
  std::int64_t among(const Dataset& rows) const;

 private:
  std::int64_t zero_bits_ = 0;
  LargeVector<std::uint64_t> keys_;
};

}  // namespace pellucid
