// The training loss of the best prediction that does not look at the features: what any training has to beat.
// Not here: the score of such a prediction (Scorer::constant_score), the baseline on the test rows
// (src/run/baselines.h).
#pragma once

#include "pellucid/loss.h"
#include "pellucid/model.h"

namespace pellucid {

/// The prediction is the mean of each target over these rows, weighted as the rows are, or its median where that has
/// the smaller loss (mae). Mean over the rows (sum for Reduction::sum). NaN for heads and for a loss of the user's own.
template <class T>
double constant_loss(const BasicModel<T>& model, const Dataset& data, const Loss& loss);

}  // namespace pellucid
