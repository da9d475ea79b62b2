// The temperature of an average of nets, from the probabilities of each net.
// Not here: the temperature of a model (pellucid/temperature.h).
#pragma once

#include <span>

#include "pellucid/dataset.h"
#include "pellucid/tensor.h"

namespace pellucid {

/// `outputs`: of each net for the rows, after softmax or sigmoid, rows × outputs. The result is as fit_temperature()
/// for their average. Throws D17 without rows.
double ensemble_temperature(std::span<const Tensor<float>> outputs, const Dataset& rows);

/// The average of the outputs after the logits of each net were divided by the temperature.
Tensor<float> average_at(std::span<const Tensor<float>> outputs, const Dataset& rows, double temperature);

}  // namespace pellucid
