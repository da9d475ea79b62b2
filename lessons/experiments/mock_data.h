// The random data of text 004, drawn as the text draws them: apartments with their prices; rounding to two decimals.
// Not here: chest sizes (logistic.cc), the networks that learn the data (shallow_linear.cc).
#pragma once

#include <cmath>
#include <vector>

#include "pellucid/dataset.h"
#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {

using Numbers = std::vector<double>;

/// Python's round(x, 2).
inline double rounded(double x) {
  return std::round(x * 100) / 100;
}

struct Apartments {
  std::vector<Numbers> rows;  ///< surface in m², distance to the next station in m
  Numbers prices;             ///< in millions

  /// Draws all surfaces first, then all distances, then the noise that changes each price by up to a tenth.
  explicit Apartments(NumpyRandom& random, int count = 100) {
    for (int r = 0; r < count; ++r) rows.push_back({rounded(random.uniform(40, 200))});
    for (Numbers& row : rows) row.push_back(rounded(random.uniform(50, 1000)));
    for (const Numbers& row : rows) {
      const double average = 100000 + 14373 * row[0] + (1000 - row[1]) * 1286;
      prices.push_back(std::round(average * (1 + random.uniform(-0.1, 0.1))) / 1000000);
    }
  }
};

/// Rows and one target per row as a dataset.
inline Dataset dataset_of(const std::vector<Numbers>& rows, const Numbers& targets) {
  Numbers flat;
  for (const Numbers& row : rows) flat.insert(flat.end(), row.begin(), row.end());
  return Dataset::regression(flat, Shape{static_cast<std::int64_t>(rows.at(0).size())}, targets);
}

/// Columns standardised to mean 0 and standard deviation 1, and the inverse transformation.
struct Standardised {
  std::vector<Numbers> rows;
  Numbers means, deviations;

  explicit Standardised(const std::vector<Numbers>& from) : rows(from) {
    const double count = static_cast<double>(rows.size());
    for (std::size_t c = 0; c < rows.at(0).size(); ++c) {
      double mean = 0, square = 0;
      for (const Numbers& row : rows) mean += row[c] / count;
      for (const Numbers& row : rows) square += (row[c] - mean) * (row[c] - mean) / count;
      means.push_back(mean);
      deviations.push_back(std::sqrt(square));
      for (Numbers& row : rows) row[c] = (row[c] - mean) / deviations[c];
    }
  }
};

}  // namespace pellucid::tutorial
