// What a result has to beat: the best constant answer, and a net without hidden layers trained the same way.
// Not here: the comparison in words (app/text/result_block.cc).
#pragma once

#include <functional>

#include "pellucid/preprocess.h"
#include "pellucid/run_result.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// The most frequent class (or the mean) of each target in the training rows, scored on the test rows, which must not
/// be empty.
Baselines constant_baseline(const Split& split);

/// The test rows judged by `net`, a model without hidden layers that is not built yet. It is trained shortly with the
/// same optimizer, then `finish` is called as for the run's own model. A linear net tolerates longer steps and needs
/// features that are not squashed: it is trained with the learning rate and with ten times that, on these features and
/// on straightened ones, and the best by validation loss (training loss without validation rows) counts. Empty if all
/// attempts diverged or it was cancelled.
std::optional<Evaluation> linear_baseline(const Split& split, const Model& net, FitOptions options,
                                          const std::function<void(Model&, const Split&)>& finish = {});

}  // namespace pellucid
