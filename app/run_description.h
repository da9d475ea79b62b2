// What is known of a run before it trains, as its report records it.
// Not here: the course of the training (train_run.h), what is printed (preamble.h).
#pragma once

#include "app/cli/setting_sources.h"
#include "recipe/data.h"
#include "run/run_result.h"

namespace pellucid::app {

/// What is known of the table and of what was learned from it: columns, findings, missing cells.
RunResult describe_table(const TrainTable& data, const SplitPlan& plan, const Recipe& settings);

/// Adds the parts, layers, settings with their origins. `model` is built, not trained.
void describe_run(RunResult& result, const Split& split, const Model& model, Recipe& recipe);

}  // namespace pellucid::app
