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

/// Score of `net`, a model without hidden layers that is not built yet: same optimizer, a short training, then `finish`
/// as the run's own model gets it, with the rows it saw. A linear net bears longer steps, and wants its numbers as they
/// are where the run's net has large ones squashed: so it is trained with the learning rate and with ten times that, on
/// these features and on straight ones, and the best by validation loss (training loss where there are no validation
/// rows) counts. Empty where all diverged or it was cancelled.
std::optional<double> linear_baseline(const Split& split, const Model& net, FitOptions options,
                                      const std::function<void(Model&, const Split&)>& finish = {});

}  // namespace pellucid
