// What is known of a run before it trains, as its report records it.
// Not here: the course of the training (train_run.h), what is printed (preamble.h).
#pragma once

#include "report/run_result.h"
#include "setting_sources.h"
#include "train_data.h"

namespace pellucid::app {

/// Data, parts, findings, layers, settings with their origins. `model` is built, not trained.
RunResult describe_run(const TrainTable& data, const Split& split, const Model& model, Sourced& sourced);

}  // namespace pellucid::app
