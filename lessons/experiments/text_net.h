// TextNet: the classifier of text 000 with matrices, backpropagation as the text has it and by the chain rule, and the
// gradient check that the text leaves empty.
// Not here: training, which mnist_64.cc does with the library.
#pragma once

#include <array>
#include <cmath>
#include <string>

#include "lessons/experiments/matrix.h"
#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {

/// As the text writes it: one column per row of data, W is out × in. One hidden layer of tanh, then softmax.
struct TextNet {
  std::array<Matrix, 4> parameters;  ///< W1, B1, W2, B2
  static constexpr const char* names[] = {"dW1", "dB1", "dW2", "dB2"};

  TextNet(std::size_t inputs, std::size_t units, std::size_t classes, NumpyRandom& random)
      : parameters{Matrix(units, inputs), Matrix(units, 1), Matrix(classes, units), Matrix(classes, 1)} {
    for (Matrix* weights : {&parameters[0], &parameters[2]}) {
      for (double& w : weights->values) w = random.randn() * std::sqrt(1 / static_cast<double>(weights->columns));
    }
  }

  Matrix hidden(const Matrix& x) const {
    return map(dot(parameters[0], x) + parameters[1], [](double z) { return std::tanh(z); });
  }

  Matrix probabilities(const Matrix& a) const {
    Matrix p = map(dot(parameters[2], a) + parameters[3], [](double z) { return std::exp(z); });
    for (std::size_t column = 0; column < p.columns; ++column) {
      double sum = 0;
      for (std::size_t r = 0; r < p.rows; ++r) sum += p(r, column);
      for (std::size_t r = 0; r < p.rows; ++r) p(r, column) /= sum;
    }
    return p;
  }

  /// Mean cross-entropy over the columns.
  double loss(const Matrix& x, const Matrix& y) const {
    const Matrix p = probabilities(hidden(x));
    double sum = 0;
    for (std::size_t i = 0; i < p.values.size(); ++i) sum -= y.values[i] * std::log(p.values[i]);
    return sum / static_cast<double>(x.columns);
  }
};

using Gradients = std::array<Matrix, 4>;

/// literal: the text's code, which divides by m twice. equation_5: divides once, but uses dZ1 = dW2ᵀ·dZ2 ⊙ g'(Z1), as
/// the text prints it. chain_rule: divides once, dZ1 = W2ᵀ·dZ2 ⊙ g'(Z1), as in the text's code.
enum class Backward { literal, equation_5, chain_rule };

inline Gradients backward(const TextNet& net, const Matrix& x, const Matrix& y, Backward form) {
  const double m = static_cast<double>(x.columns), again = form == Backward::literal ? 1 / m : 1;
  const Matrix a = net.hidden(x), ones(x.columns, 1, Numbers(x.columns, 1.0));
  const Matrix dz2 = (1 / m) * (net.probabilities(a) - y);
  const Matrix dw2 = again * dot(dz2, transposed(a));
  const Matrix passed_down = dot(transposed(form == Backward::equation_5 ? dw2 : net.parameters[2]), dz2);
  const Matrix dz1 = elementwise(passed_down, map(a, [](double t) { return 1 - t * t; }));
  return {again * dot(dz1, transposed(x)), again * dot(dz1, ones), dw2, again * dot(dz2, ones)};
}

/// check_gradient, which the text leaves as `pass`: the change of the loss when one parameter changes by ±h.
inline Gradients numeric_gradients(TextNet net, const Matrix& x, const Matrix& y) {
  constexpr double h = 1e-5;
  Gradients gradients = net.parameters;
  for (std::size_t p = 0; p < gradients.size(); ++p) {
    for (std::size_t i = 0; i < gradients[p].values.size(); ++i) {
      double& value = net.parameters[p].values[i];
      const double before = value;
      value = before + h;
      const double up = net.loss(x, y);
      value = before - h;
      const double down = net.loss(x, y);
      value = before;
      gradients[p].values[i] = (up - down) / (2 * h);
    }
  }
  return gradients;
}

/// ‖a - n‖ / (‖a‖ + ‖n‖): about 1e-9 if a is correct, near 1 if it is not.
inline double relative_error(const Matrix& a, const Matrix& n) {
  double difference = 0, sum_a = 0, sum_n = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    difference += (a.values[i] - n.values[i]) * (a.values[i] - n.values[i]);
    sum_a += a.values[i] * a.values[i];
    sum_n += n.values[i] * n.values[i];
  }
  return std::sqrt(difference) / (std::sqrt(sum_a) + std::sqrt(sum_n));
}

}  // namespace pellucid::tutorial
