// What is known about a run before it trains, as its report records it.
// Not here: what training and judging add (train.cc).
#pragma once

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"
#include "pellucid/run_result.h"
#include "pellucid/train_table.h"

namespace pellucid {

/// Fills in what is known about the table and what was learned from it: columns, missing cells, findings.
void describe_table(RunResult& result, const TrainTable& data, const SplitPlan& plan, const Recipe& recipe);

/// Adds the numbers of rows, the layers, and the settings with their origins. `model` is built and not yet trained.
void describe_run(RunResult& result, const Split& split, const Model& model, Recipe& recipe);

}  // namespace pellucid
