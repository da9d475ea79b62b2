// Converts the cells of a column to features, a range of rows at a time, as fitted on the training rows.
// Not here: fitting (fit.cc), which columns (transform.cc), reading a stored row (stored_row.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pellucid/preprocess.h"
#include "tables/spelling.h"

namespace pellucid {

/// How the features of one column are stored: how many numbers, and which one-hot groups (one code each).
struct FeaturePlaces {
  std::int64_t numbers = 0;
  std::vector<OneHot> one_hot{};  ///< `first` counts from the column's first feature
};
FeaturePlaces places_of(const FittedColumn& fitted);

/// Where to write: the first row's numbers and codes of this column, and the distance to the next row's, in elements.
struct FeatureRows {
  float* numbers;
  std::int64_t next_numbers;
  std::uint8_t* codes;
  std::int64_t next_codes;
};

/// The feature of a value that is not missing. Infinite if the value is too far from the training data for a float.
float scaled(double value, const NumberScale& scale);

class FeatureWriter {
 public:
  virtual ~FeatureWriter() = default;
  /// Writes the rows first … last - 1. Throws D12, D14 or D15 with the place of the cell.
  virtual void write(std::int64_t first, std::int64_t last, FeatureRows to) = 0;
};

/// The categories of each column, ready to be looked up; empty for columns of other kinds. One user at a time.
using ColumnWords = std::vector<std::optional<KnownWords>>;
/// The columns must outlive the result.
ColumnWords words_of(const std::vector<FittedColumn>& columns);

/// All arguments must outlive the writer. `missing`: a number that it names is a missing cell, if the table was not
/// read from text too. `words`: those of this column.
std::unique_ptr<FeatureWriter> feature_writer(const Table& table, const Column& column, const FittedColumn& fitted,
                                              const MissingWords& missing, std::optional<KnownWords>& words);

}  // namespace pellucid
