// Further trainings of the same settings: other seeds, or other folds.
// Not here: the training that is kept (train_run.cc).
#pragma once

#include "app/cli/reporter.h"
#include "recipe/data.h"
#include "run/run_result.h"

namespace pellucid::app {

/// Adds to result.repeats the score of the training that is kept, and of --repeat or --folds further ones; of them
/// nothing else is kept. Ends early when the program is interrupted.
void train_again(Reporter& reporter, const TrainTable& data, const Recipe& settings, FitOptions options,
                 RunResult& result);

}  // namespace pellucid::app
