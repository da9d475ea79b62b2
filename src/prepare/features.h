// The cells of a column as features, some rows at a time, as the training rows taught.
// Not here: learning (fit.cc), which columns (transform.cc), reading a stored row (stored_row.h).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "pellucid/preprocess.h"

namespace pellucid {

/// How the features of one column are stored: as numbers, in order, and as codes of one-hot ones.
struct FeaturePlaces {
  std::int64_t numbers = 0;
  std::vector<OneHot> one_hot{};  ///< `first` counts from the column's first feature
};
FeaturePlaces places_of(const FittedColumn& fitted);

/// Where rows are written to: the column's numbers and codes of the first one, and how far on those of the next lie.
struct FeatureRows {
  float* numbers;
  std::int64_t next_numbers;
  std::uint8_t* codes;
  std::int64_t next_codes;
};

/// The feature of a value that is not missing. Infinite where the value is too far from the training data for a float.
float scaled(double value, const NumberScale& scale);

class FeatureWriter {
 public:
  virtual ~FeatureWriter() = default;
  /// Rows first … last - 1. Throws D12, D14, D15 with the place of the cell.
  virtual void write(std::int64_t first, std::int64_t last, FeatureRows to) = 0;
};

/// All must outlive it.
std::unique_ptr<FeatureWriter> feature_writer(const Table& table, const Column& column, const FittedColumn& fitted);

}  // namespace pellucid
