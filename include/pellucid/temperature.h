// Temperature scaling: a classifier's probabilities made as sure as the validation rows say they may be.
// Not here: how sure they are (calibration.h), the classes that are said (metric.h).
#pragma once

#include <cstdint>

#include "pellucid/dataset.h"
#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// Whether the rows have classes and the model ends in a dense layer with a softmax over them, or with a sigmoid for
/// each question of yes or no (one for two classes).
bool takes_temperature(const Model& model, const Dataset& rows);

/// The T > 0 for which softmax(logits / T) (sigmoid) has the least mean log loss on these rows, between 0.05 and 20.
/// One over T is found to 12 digits, the problem being convex. Each answer's target is (n + 1)/(n + 2) for its own
/// class, n being their number, and the rest for the others alike, so that rows that are all told apart do not ask for
/// certainty. Several questions share one T. Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks",
/// ICML 2017; the targets: Platt, "Probabilistic Outputs for Support Vector Machines", 1999. Throws U20 where
/// takes_temperature() says no, D17 without rows. The same on any number of threads.
double fit_temperature(const Model& model, const Dataset& rows, std::int64_t threads = 0);

/// Divides the logits by T: the last layer's weights and biases become those divided by T, so that whoever reads the
/// model predicts by it. The most probable class stays what it was. Throws U12 unless T > 0, U20 unless the last layer
/// is dense with a softmax or sigmoids.
void apply_temperature(Model& model, double temperature);

}  // namespace pellucid
