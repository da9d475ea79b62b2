// Temperature scaling: a classifier's probabilities made as sure as the validation rows say they may be.
// Not here: how sure they are (calibration.h), the classes that are said (metric.h).
#pragma once

#include <cstdint>

#include "pellucid/dataset.h"
#include "pellucid/model.h"

namespace pellucid {

/// Whether the model ends in a dense layer with a softmax, or with one sigmoid.
bool takes_temperature(const Model& model);

/// The T > 0 for which softmax(logits / T) (sigmoid for a single output) has the least mean log loss on these rows,
/// between 0.05 and 20. One over T is found to 12 digits, the problem being convex. Each row's target is (n + 1)/(n +
/// 2) for its own class, n being the rows, and the rest for the others alike, so that rows that are all told apart do
/// not ask for certainty. Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017; the
/// targets: Platt, "Probabilistic Outputs for Support Vector Machines", 1999. Throws U20 where the rows have no classes
/// or the model
/// takes no temperature, D17 without rows. The same on any number of threads.
double fit_temperature(const Model& model, const Dataset& rows, std::int64_t threads = 0);

/// Divides the logits by T: the last layer's weights and biases become those divided by T, so that whoever reads the
/// model predicts by it. The most probable class stays what it was. Throws U12 unless T > 0, U20 where the model takes
/// none.
void apply_temperature(Model& model, double temperature);

}  // namespace pellucid
