// Matrix: a table of numbers with the products of the texts, as plain loops with NumPy's shape rules.
// Not here: the layers and kernels that train (src/layers, src/kernels).
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "pellucid/error.h"

namespace pellucid::tutorial {

using Numbers = std::vector<double>;

struct Matrix {
  std::size_t rows = 0, columns = 0;
  Numbers values;  ///< row-major

  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns) : rows(rows), columns(columns), values(rows * columns) {}
  Matrix(std::size_t rows, std::size_t columns, Numbers values)
      : rows(rows), columns(columns), values(std::move(values)) {}
  Matrix(std::initializer_list<Numbers> lines) : rows(lines.size()), columns(lines.begin()->size()) {
    for (const Numbers& line : lines) values.insert(values.end(), line.begin(), line.end());
  }

  double& operator()(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
  std::string shape() const { return std::to_string(rows) + "x" + std::to_string(columns); }
};

inline Matrix column(const Numbers& numbers) {
  return Matrix(numbers.size(), 1, numbers);
}

inline Matrix transposed(const Matrix& a) {
  Matrix result(a.columns, a.rows);
  for (std::size_t r = 0; r < a.rows; ++r) {
    for (std::size_t c = 0; c < a.columns; ++c) result(c, r) = a(r, c);
  }
  return result;
}

/// A·B: rows of A by columns of B. Throws U20 unless A has as many columns as B has rows.
inline Matrix dot(const Matrix& a, const Matrix& b) {
  if (a.columns != b.rows) throw Error("U20", "the product of " + a.shape() + " and " + b.shape() + " is not defined");
  Matrix result(a.rows, b.columns);
  for (std::size_t r = 0; r < a.rows; ++r) {
    for (std::size_t k = 0; k < a.columns; ++k) {
      for (std::size_t c = 0; c < b.columns; ++c) result(r, c) += a(r, k) * b(k, c);
    }
  }
  return result;
}

template <class F>
Matrix map(Matrix a, F f) {
  for (double& value : a.values) value = f(value);
  return a;
}

/// Applies f to each pair of elements. A dimension of length 1 is repeated ("broadcast"). Throws U20 if the shapes do
/// not fit.
template <class F>
Matrix each(const Matrix& a, const Matrix& b, F f) {
  const auto fit = [](std::size_t m, std::size_t n) { return m == n || m == 1 || n == 1; };
  if (!fit(a.rows, b.rows) || !fit(a.columns, b.columns)) {
    throw Error("U20",
                "a matrix of " + a.shape() + " and one of " + b.shape() + " cannot be combined element by element");
  }
  Matrix result(std::max(a.rows, b.rows), std::max(a.columns, b.columns));
  for (std::size_t r = 0; r < result.rows; ++r) {
    for (std::size_t c = 0; c < result.columns; ++c) {
      result(r, c) = f(a(a.rows == 1 ? 0 : r, a.columns == 1 ? 0 : c), b(b.rows == 1 ? 0 : r, b.columns == 1 ? 0 : c));
    }
  }
  return result;
}

inline Matrix operator+(const Matrix& a, const Matrix& b) {
  return each(a, b, std::plus<>());
}
inline Matrix operator-(const Matrix& a, const Matrix& b) {
  return each(a, b, std::minus<>());
}
inline Matrix operator*(double factor, const Matrix& a) {
  return map(a, [factor](double x) { return factor * x; });
}
/// A ⊙ B
inline Matrix elementwise(const Matrix& a, const Matrix& b) {
  return each(a, b, std::multiplies<>());
}

}  // namespace pellucid::tutorial
