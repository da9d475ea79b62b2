// Neuron, NetOf, NeuronNet: the network of text 002, neuron by neuron and row by row, as the text writes it.
// Not here: the same with layers and batches (speedy.cc), the experiments (xor.cc and others).
#pragma once

#include <cmath>
#include <vector>

#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {

using Numbers = std::vector<double>;

/// One sigmoid neuron. The text passes the error down through the weights *after* changing them. `literal`: do the
/// same; otherwise use the weights that made the output, as the chain rule requires.
class Neuron {
 public:
  Neuron(Numbers weights, double bias, bool literal = true)
      : weights_(std::move(weights)), bias_(bias), literal_(literal) {}
  /// The weights, then the bias, uniform in [-1, 1).
  Neuron(int inputs, NumpyRandom& random, bool literal = true) : literal_(literal) {
    for (int i = 0; i < inputs; ++i) weights_.push_back(random.uniform(-1, 1));
    bias_ = random.uniform(-1, 1);
  }

  double forward(const Numbers& inputs) {
    inputs_ = inputs;
    double total = bias_;
    for (std::size_t i = 0; i < inputs.size(); ++i) total += inputs[i] * weights_[i];
    return output_ = 1 / (1 + std::exp(-total));
  }

  /// One gradient step; returns the error of each input.
  Numbers backpropagate(double error, double learning_rate) {
    const double delta = error * output_ * (1 - output_);
    Numbers passed_down(weights_.size());
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const double before = weights_[i];
      weights_[i] -= learning_rate * delta * inputs_[i];
      passed_down[i] = delta * (literal_ ? weights_[i] : before);
    }
    bias_ -= learning_rate * delta;
    return passed_down;
  }

  const Numbers& weights() const { return weights_; }
  double bias() const { return bias_; }

 private:
  Numbers weights_, inputs_;
  double bias_ = 0, output_ = 0;
  bool literal_;
};

/// Layers of neurons of type N, which has forward(inputs) and backpropagate(error, learning_rate) like Neuron.
template <class N>
class NetOf {
 public:
  explicit NetOf(std::vector<std::vector<N>> layers) : layers_(std::move(layers)) {}
  /// Sizes {2, 4, 1}: two inputs, four hidden neurons, one output. Neurons draw random numbers in the order of their
  /// construction; `more` holds further constructor arguments.
  template <class... More>
  NetOf(const std::vector<int>& sizes, NumpyRandom& random, const More&... more) {
    for (std::size_t l = 1; l < sizes.size(); ++l) {
      layers_.emplace_back();
      for (int n = 0; n < sizes[l]; ++n) layers_.back().emplace_back(sizes[l - 1], random, more...);
    }
  }

  Numbers forward(Numbers values) {
    for (std::vector<N>& layer : layers_) {
      Numbers outputs;
      for (N& neuron : layer) outputs.push_back(neuron.forward(values));
      values = outputs;
    }
    return values;
  }

  /// One row: forward, then backward from the error output - target.
  void learn(const Numbers& inputs, const Numbers& targets, double learning_rate) {
    Numbers errors = forward(inputs);
    for (std::size_t i = 0; i < errors.size(); ++i) errors[i] -= targets[i];
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
      Numbers below;
      for (std::size_t n = 0; n < layer->size(); ++n) {
        const Numbers passed_down = (*layer)[n].backpropagate(errors[n], learning_rate);
        below.resize(passed_down.size());
        for (std::size_t i = 0; i < below.size(); ++i) below[i] += passed_down[i];
      }
      errors = below;
    }
  }

  /// Sum of squared errors over all rows.
  double total_error(const std::vector<Numbers>& inputs, const std::vector<Numbers>& targets) {
    double sum = 0;
    for (std::size_t r = 0; r < inputs.size(); ++r) {
      const Numbers outputs = forward(inputs[r]);
      for (std::size_t i = 0; i < outputs.size(); ++i)
        sum += (targets[r][i] - outputs[i]) * (targets[r][i] - outputs[i]);
    }
    return sum;
  }

  const std::vector<std::vector<N>>& layers() const { return layers_; }
  std::vector<std::vector<N>>& layers() { return layers_; }

 private:
  std::vector<std::vector<N>> layers_;
};

using NeuronNet = NetOf<Neuron>;

}  // namespace pellucid::tutorial
