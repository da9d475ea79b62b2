// make_classification: the same numbers as scikit-learn's function, two classes in four clusters.
// Not here: settings other than the function's defaults, the lesson that uses it (make_class.cc).
#pragma once

#include <cmath>
#include <vector>

#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {

struct Classification {
  std::vector<double> x;             ///< rows × 20
  std::vector<std::int32_t> labels;  ///< 0 or 1
};

/// `sklearn.datasets.make_classification(n_samples=rows, random_state=seed)`; rows must be divisible by 4. Columns 0
/// and 1 are informative, 2 and 3 are combinations of them, 16 are noise. Then rows and columns are shuffled, and about
/// one label in 200 is wrong. std::fma is used where NumPy's matrix product uses it.
inline Classification make_classification(std::int64_t rows, std::uint32_t seed) {
  constexpr std::int64_t columns = 20, clusters = 4;
  NumpyRandom random(seed);
  const std::vector<double> drawn = random.randn(rows * 2);
  std::vector<double> x(static_cast<std::size_t>(rows * columns));
  std::vector<std::int32_t> labels(static_cast<std::size_t>(rows));

  // Each cluster is transformed by a random matrix and centred on a corner of the square from -1 to 1.
  for (std::int64_t k = 0; k < clusters; ++k) {
    std::vector<double> a = random.rand(4);
    for (double& value : a) value = 2 * value - 1;
    const double corner[] = {k & 2 ? 1.0 : -1.0, k & 1 ? 1.0 : -1.0};
    for (std::int64_t r = k * rows / clusters; r < (k + 1) * rows / clusters; ++r) {
      labels[r] = static_cast<std::int32_t>(k % 2);
      for (std::int64_t c = 0; c < 2; ++c) {
        x[r * columns + c] = std::fma(drawn[r * 2 + 1], a[2 + c], drawn[r * 2] * a[c]) + corner[c];
      }
    }
  }

  std::vector<double> b = random.rand(4);
  for (double& value : b) value = 2 * value - 1;
  for (std::int64_t r = 0; r < rows; ++r) {
    double* row = &x[r * columns];
    for (std::int64_t c = 0; c < 2; ++c) row[2 + c] = std::fma(row[1], b[2 + c], row[0] * b[c]);
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 4; c < columns; ++c) x[r * columns + c] = random.randn();
  }

  const std::vector<double> flips = random.rand(rows);
  for (std::int64_t r = 0; r < rows; ++r) {
    if (flips[r] < 0.01) labels[r] = static_cast<std::int32_t>(random.randint(0, 2));
  }

  const std::vector<std::int64_t> row_order = random.permutation(rows), column_order = random.permutation(columns);
  Classification result;
  for (const std::int64_t r : row_order) {
    for (const std::int64_t c : column_order) result.x.push_back(x[r * columns + c]);
    result.labels.push_back(labels[r]);
  }
  return result;
}

}  // namespace pellucid::tutorial
