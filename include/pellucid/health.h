// Health: what training does to each layer, on a sample of the training rows: gradients, steps, units that no longer
// tell rows apart, distributions. Not here: what is wrong with it (health_findings.h), when it is looked at
// (trainer.h).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "pellucid/large_vector.h"

namespace PELLUCID_EXPORT pellucid {

/// Many numbers in a few. Those that are not finite are left out; without any, all is 0.
struct Distribution {
  double low = 0, high = 0, mean = 0, deviation = 0;
  std::array<std::int64_t, 24> counts{};  ///< in equal parts of low … high
};
Distribution distribution_of(std::span<const float> values);
Distribution distribution_of(std::span<const double> values);

/// One layer after one epoch. NaN: the layer has no such thing.
struct LayerHealth {
  std::string layer;  ///< "dense1"
  /// Root mean square of ∂loss/∂w over the layer's weights (not its biases), the loss being that of the sample.
  double gradient_rms = std::numeric_limits<double>::quiet_NaN();
  /// ‖Δw‖ / ‖w‖ of one step, the mean over some steps of the epoch.
  double step_ratio = std::numeric_limits<double>::quiet_NaN();
  /// Share of a hidden layer's units that give the same output to every row of the sample: a relu's dead ones.
  double dead = std::numeric_limits<double>::quiet_NaN();
  /// Share of the outputs of a hidden layer's sigmoid (tanh) outside 0.02 … 0.98 (±0.96), where the slope is below 8 %
  /// of its greatest.
  double saturated = std::numeric_limits<double>::quiet_NaN();
};

struct EpochHealth {
  std::int64_t epoch = 0;
  /// Whether gradients and steps tell something yet: no layer's steps are a tenth of its weights or more while others'
  /// are less, and none's 0. A schedule may begin at 0, and so may a last layer's weights.
  bool begun = true;
  std::vector<LayerHealth> layers;  ///< in the model's order; those with weights or an activation
};

/// A layer's outputs for the sample (of a last layer whose softmax or sigmoid is part of the loss: its logits) and the
/// gradient of its weights; evenly spread ones of many.
struct LayerValues {
  std::string layer;
  Distribution outputs, gradients;
};

inline constexpr std::int64_t latest_first_look = 32;  ///< epochs.front().epoch at most, unless training was resumed

struct Health {
  std::int64_t rows = 0;  ///< of the sample: at most 512 of the training rows, evenly spread
  /// The first epoch that has begun and the last, and between them as many as cost about 3 % of the training.
  std::vector<EpochHealth> epochs;
  EpochHealth kept;  ///< the weights that the model ends with; step_ratio is NaN
  std::vector<LayerValues> first_values, last_values, kept_values;
  double constant_loss = std::numeric_limits<double>::quiet_NaN();   ///< of the best constant answer, training rows
  double constant_score = std::numeric_limits<double>::quiet_NaN();  ///< its accuracy, RMSE in the target's unit, or R²
  double kept_score = std::numeric_limits<double>::quiet_NaN();      ///< of the kept weights on the sample
  std::int64_t validation_rows = 0;
  /// Of each training row, the mean over the epochs of the probability that the net gave to the row's own label when it
  /// met it in training. Empty where the loss is no cross-entropy of labels, and where there are several targets.
  /// Swayamdipta and others 2020.
  LargeVector<double> own_probability;
};

}  // namespace pellucid
