// Direct least squares: linear equations, the normal equation with and without ridge, the squared error.
// Not here: gradient descent (regressions.cc).
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace pellucid::tutorial {

using Numbers = std::vector<double>;

/// Solves a·x = b by elimination with partial pivoting; a is square.
inline Numbers solve(std::vector<Numbers> a, Numbers b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t r = k + 1; r < n; ++r) pivot = std::abs(a[r][k]) > std::abs(a[pivot][k]) ? r : pivot;
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t r = k + 1; r < n; ++r) {
      const double factor = a[r][k] / a[k][k];
      for (std::size_t c = k; c < n; ++c) a[r][c] -= factor * a[k][c];
      b[r] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t c = k + 1; c < n; ++c) b[k] -= a[k][c] * b[c];
    b[k] /= a[k][k];
  }
  return b;
}

/// The weights, and last the bias, that minimise the sum of (w·x + bias - y)² plus ridge·Σw²: (XᵀX + ridge·I)·w = Xᵀy,
/// where X has a last column of ones to which ridge does not apply.
inline Numbers normal_equation(const std::vector<Numbers>& rows, const Numbers& y, double ridge = 0) {
  const std::size_t n = rows.at(0).size() + 1;
  std::vector<Numbers> products(n, Numbers(n));
  Numbers right(n);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    Numbers x = rows[r];
    x.push_back(1);
    for (std::size_t i = 0; i < n; ++i) {
      right[i] += x[i] * y[r];
      for (std::size_t j = 0; j < n; ++j) products[i][j] += x[i] * x[j];
    }
  }
  for (std::size_t i = 0; i + 1 < n; ++i) products[i][i] += ridge;
  return solve(std::move(products), std::move(right));
}

/// w·x + bias; the bias is the last element of `weights`.
inline double line(const Numbers& weights, const Numbers& x) {
  double sum = weights.back();
  for (std::size_t i = 0; i < x.size(); ++i) sum += weights[i] * x[i];
  return sum;
}

inline double mean_squared_error(const Numbers& weights, const std::vector<Numbers>& rows, const Numbers& y) {
  double sum = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) sum += std::pow(line(weights, rows[r]) - y[r], 2);
  return sum / static_cast<double>(rows.size());
}

}  // namespace pellucid::tutorial
