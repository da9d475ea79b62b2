// The 1,797 built-in digit images as matrices, and the preparation of text 003.
// Not here: networks (digits_6_5.cc), the scaling of other texts (rows.h).
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "lessons/experiments/matrix.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {

struct Digits {
  Matrix pixels;  ///< 1797 x 64, one row per image of 8x8 pixels, 0 … 16
  std::vector<std::int32_t> labels;
};

inline Digits digits(const Lesson& lesson) {
  const Table table = lesson.shipped("digits");
  Digits result{Matrix(static_cast<std::size_t>(table.rows), 64), {}};
  for (std::size_t r = 0; r < result.pixels.rows; ++r) {
    for (std::size_t c = 0; c < 64; ++c) result.pixels(r, c) = table.columns[c].numbers[r];
    result.labels.push_back(static_cast<std::int32_t>(table.columns[64].numbers[r]));
  }
  return result;
}

/// Standardises each column (mean 0, standard deviation 1); a constant column becomes zeros.
inline Matrix z_scores(Matrix x) {
  const auto rows = static_cast<double>(x.rows);
  for (std::size_t c = 0; c < x.columns; ++c) {
    double mean = 0, squares = 0;
    for (std::size_t r = 0; r < x.rows; ++r) mean += x(r, c) / rows;
    for (std::size_t r = 0; r < x.rows; ++r) squares += (x(r, c) - mean) * (x(r, c) - mean);
    const double deviation = std::sqrt(squares / rows);
    for (std::size_t r = 0; r < x.rows; ++r) x(r, c) = deviation > 0 ? (x(r, c) - mean) / deviation : 0;
  }
  return x;
}

/// One-hot rows, one per label.
inline Matrix one_hot(std::span<const std::int32_t> labels, std::size_t classes) {
  Matrix result(labels.size(), classes);
  for (std::size_t r = 0; r < labels.size(); ++r) result(r, static_cast<std::size_t>(labels[r])) = 1;
  return result;
}

inline Matrix row(const Matrix& x, std::size_t r) {
  const auto first = x.values.begin() + static_cast<std::ptrdiff_t>(r * x.columns);
  return Matrix(1, x.columns, Numbers(first, first + static_cast<std::ptrdiff_t>(x.columns)));
}

}  // namespace pellucid::tutorial
