// Temperature scaling: calibrates the probabilities of a classifier on validation rows.
// Not here: measuring calibration (calibration.h), the predicted class (metric.h).
#pragma once

#include <cstdint>

#include "pellucid/dataset.h"
#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// Whether the rows have classes and the model ends in a dense layer with a softmax, or with one sigmoid per binary
/// target (one sigmoid for two classes).
bool takes_temperature(const Model& model, const Dataset& rows);

/// The T > 0 for which softmax(logits / T) (sigmoid) has the least mean log loss on these rows, between 0.05 and 20.
/// One over T is found to 12 digits, the problem being convex. Each answer's target is (n + 1)/(n + 2) for its own
/// class, n being the number of answers, and the rest is shared by the other classes, so that perfectly separated rows
/// do not ask for certainty. Several binary targets share one T. Guo, Pleiss, Sun, Weinberger, "On Calibration of
/// Modern Neural Networks", ICML 2017; the targets: Platt, "Probabilistic Outputs for Support Vector Machines", 1999.
/// Throws U20 where takes_temperature() says no, D17 without rows. The same on any number of threads.
double fit_temperature(const Model& model, const Dataset& rows, std::int64_t threads = 0);

/// Divides the logits by T: the last layer's weights and biases become those divided by T, so the
/// saved model needs no extra step. The most probable class of a row does not change. Throws U12 unless T > 0, U20
/// unless the last layer is dense with a softmax or sigmoids.
void apply_temperature(Model& model, double temperature);

}  // namespace pellucid
