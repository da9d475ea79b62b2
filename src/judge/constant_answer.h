// The best answer that does not look at the columns: what any training has to beat.
// Not here: the baseline's score on the test rows (src/run/baselines.h).
#pragma once

#include "pellucid/loss.h"
#include "pellucid/model.h"

namespace pellucid {

struct ConstantAnswer {
  double loss;   ///< mean over these rows (sum for Reduction::sum); NaN where the loss is the user's own
  double score;  ///< of the data's ScoreKind: accuracy, RMSE in the target's unit, or mean R²
};

/// The means of the targets, or their medians where those do better (mae).
template <class T>
ConstantAnswer constant_answer(const BasicModel<T>& model, const Dataset& data, const Loss& loss);

}  // namespace pellucid
