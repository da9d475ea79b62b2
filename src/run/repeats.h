// Further trainings of the same recipe: with other seeds, or on other folds.
// Not here: the training whose model is kept (train.cc).
#pragma once

#include "pellucid/events.h"
#include "pellucid/recipe.h"
#include "pellucid/run_result.h"
#include "pellucid/train_table.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// Adds to result.repeats the score of the run's own training, and those of the further ones that
/// recipe.training.repeat or recipe.training.folds ask for; nothing else is kept of them. Each seed has its own split,
/// first weights and order of rows. Ends early where options.cancel is set.
void train_again(Events& events, const TrainTable& data, const Recipe& recipe, const FitOptions& options,
                 RunResult& result);

}  // namespace pellucid
