// Temperature scaling: calibrates the probabilities of a classifier on validation rows.
// Not here: measuring calibration (calibration.h), the predicted class (metric.h).
#pragma once

#include <cstdint>

#include "pellucid/dataset.h"
#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// Whether temperature scaling is possible: the rows have classes, and the model ends in a dense layer with a softmax,
/// or with one sigmoid per binary target, or in an Average of several such layers.
bool takes_temperature(const Model& model, const Dataset& rows);

/// Finds the temperature T, between 0.05 and 20, for which softmax(logits / T) (or sigmoid) has the lowest mean log
/// loss on these rows. The problem is convex in 1/T, which is found to 12 digits. As target probabilities, the true
/// class of a row gets (n + 1)/(n + 2), n being the number of labels, and the other classes share the rest, so that T
/// does not go to its limit if the rows are perfectly separated. Several binary targets share one T. Guo, Pleiss, Sun,
/// Weinberger, "On Calibration of Modern Neural Networks", ICML 2017; the target probabilities: Platt, "Probabilistic
/// Outputs for Support Vector Machines", 1999. If the model ends in an Average, one T divides the logits of all layers
/// that it averages, and the log loss is that of the averaged probabilities; that problem need not be convex, and ln T
/// is found to 6 digits by golden section. Throws U20 if takes_temperature() is false, D17 without rows. The result is
/// identical for any number of threads.
double fit_temperature(const Model& model, const Dataset& rows, std::int64_t threads = 0);

/// Divides the logits by `temperature`, by dividing the weights and biases of the last layer, or of each layer that a
/// last Average averages, so the saved model needs no extra step. The most probable class of a row does not change,
/// unless averaged nets disagree. Throws U12 unless temperature > 0, U20 unless the last layer is dense with a softmax
/// or sigmoids, or an Average of such layers.
void apply_temperature(Model& model, double temperature);

}  // namespace pellucid
