// The parts of a run's report that are known before training.
// Not here: what training and evaluation add (train.cc).
#pragma once

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"
#include "pellucid/run_result.h"
#include "pellucid/train_table.h"

namespace pellucid {

/// Fills in the facts about the table and what was learned from it: columns, missing cells, findings.
void describe_table(RunResult& result, const TrainTable& data, const SplitPlan& plan, const Recipe& recipe);

/// Adds the numbers of rows, the layers, and the settings with their origins. `model` must be built and not yet
/// trained.
void describe_run(RunResult& result, const Split& split, const Model& model, Recipe& recipe);

/// Replaces the settings of the result by those of the recipe.
void describe_settings(RunResult& result, Recipe& recipe);

}  // namespace pellucid
