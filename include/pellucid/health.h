// Health: figures about each layer during training, measured on a sample of the training rows: size of gradients and of
// steps, dead units, saturation, distributions. Not here: warnings about them (health_findings.h), the option that
// switches the measurement on (trainer.h).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "pellucid/large_vector.h"

namespace PELLUCID_EXPORT pellucid {

/// A summary of many numbers. NaN and infinity are left out; without any finite number, every field is 0.
struct Distribution {
  double low = 0, high = 0, mean = 0, deviation = 0;
  std::array<std::int64_t, 24> counts{};  ///< histogram: how many lie in each of 24 equal intervals from low to high
};
Distribution distribution_of(std::span<const float> values);
Distribution distribution_of(std::span<const double> values);

/// Figures of one layer after one epoch. NaN means that the figure does not exist for this layer.
struct LayerHealth {
  std::string layer;  ///< "dense1"
  /// Root mean square of ∂loss/∂w over the weights of the layer, without biases, for the loss on the sample.
  double gradient_rms = std::numeric_limits<double>::quiet_NaN();
  /// ‖Δw‖ / ‖w‖ of one training step, averaged over a few steps of the epoch.
  double step_ratio = std::numeric_limits<double>::quiet_NaN();
  /// Share of the units of a hidden layer that give the same output for every row of the sample (dead units).
  double dead = std::numeric_limits<double>::quiet_NaN();
  /// Share of the outputs of a hidden layer that lie near an end of the range, where the slope is below 8 % of its
  /// maximum: for sigmoid outside 0.02 … 0.98, for tanh outside ±0.96. NaN for other activations.
  double saturated = std::numeric_limits<double>::quiet_NaN();
};

struct EpochHealth {
  std::int64_t epoch = 0;
  /// False while gradients and steps mean nothing yet: a learning rate schedule or the weights of the last layer may
  /// begin at 0. It becomes true when all layers take steps of a usual relative size, or all take steps that are large.
  bool begun = true;
  std::vector<LayerHealth> layers;  ///< the layers with weights or an activation, in the order of the model
};

/// The outputs of a layer for the sample, and the gradient of its weights. Where a softmax or sigmoid is computed as
/// part of the loss, the outputs are the logits. Of more than 8,192 numbers, 8,192 evenly spread ones are taken.
struct LayerValues {
  std::string layer;
  Distribution outputs, gradients;
};

inline constexpr std::int64_t latest_first_look = 32;  ///< the first measurement is at this epoch at the latest

struct Health {
  std::int64_t rows = 0;  ///< rows of the sample: at most 512 training rows, evenly spread
  /// The first epoch with `begun`, the last one, and between them as many as cost about 3 % of the training time.
  std::vector<EpochHealth> epochs;
  EpochHealth kept;  ///< figures for the final weights of the model; step_ratio is NaN
  std::vector<LayerValues> first_values, last_values, kept_values;
  double constant_loss = std::numeric_limits<double>::quiet_NaN();   ///< training loss of the best constant prediction
  double constant_score = std::numeric_limits<double>::quiet_NaN();  ///< its accuracy, RMSE in the target's unit, or R²
  double kept_score = std::numeric_limits<double>::quiet_NaN();      ///< score of the final weights on the sample
  std::int64_t validation_rows = 0;
  /// For each training row, the probability that the model gave to the row's label in the training step that used the
  /// row, averaged over the epochs (Swayamdipta et al. 2020). Empty unless the loss is a cross-entropy of a single
  /// column of labels. NaN for rows with weight 0. Of members that are cross-fitted (members.h): the probability that
  /// the nets give that have not been trained on the row, for each row of Split::out_of_fold.
  LargeVector<double> own_probability;
};

}  // namespace pellucid
