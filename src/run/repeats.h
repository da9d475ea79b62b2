// Further trainings of the same recipe: with other seeds, or on other folds.
// Not here: the training whose model is kept (train.cc).
#pragma once

#include "pellucid/events.h"
#include "pellucid/recipe.h"
#include "pellucid/run_result.h"
#include "pellucid/train_table.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// Adds the score of the run's own training to result.repeats, and then the scores of the further trainings that
/// recipe.training.repeat or recipe.training.folds ask for; their models are not kept. Each seed has its own split,
/// initial weights and order of rows. Ends early if options.cancel is set.
void train_again(Events& events, const TrainTable& data, const Recipe& recipe, const FitOptions& options,
                 RunResult& result);

}  // namespace pellucid
