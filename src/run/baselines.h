// Baselines that a model should beat: the best constant prediction, and a model without hidden layers trained the same
// way.
// Not here: the comparison as text (app/text/result_block.cc).
#pragma once

#include <functional>

#include "pellucid/preprocess.h"
#include "pellucid/run_result.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// Predictions of the most frequent class, with the frequencies as probabilities (or of the mean), of each target in
/// the training rows, for the test rows, of which there must be at least one. The loss is not computed.
Evaluation constant_evaluation(const Split& split);
Baselines constant_baseline(const Evaluation& constant);

struct LinearBaseline {
  Evaluation evaluation;  ///< on the test rows
  double seconds = 0;     ///< of all its trainings
  double microseconds_per_row = 0;
};

/// Trains a linear model and evaluates it on the test rows. `net` is a model without hidden layers that is not built
/// yet; it is trained for few steps with the optimizer of the run, then `finish` is called as for the run's own model.
/// A linear model tolerates larger steps and needs features that are not squashed. Therefore up to four trainings are
/// done, with the learning rate and with ten times that, on the features as they are and on features before squashing;
/// the one with the lowest validation loss (training loss if there are no validation rows) counts. Empty if all
/// diverged, or if it was cancelled.
std::optional<LinearBaseline> linear_baseline(const Split& split, const Model& net, FitOptions options,
                                              const std::function<void(Model&, const Split&)>& finish = {});

}  // namespace pellucid
