// From settings to the library's objects: layers, loss, optimizer, options; and what "auto" becomes.
// Not here: rows (train_data.h), running it (train_run.h).
#pragma once

#include "app/cli/setting_sources.h"
#include "pellucid/model.h"
#include "pellucid/trainer.h"

namespace pellucid::app {

/// Replaces every auto that depends on the rows by its value; the origin becomes "auto: reason".
void resolve_autos(Sourced& sourced, const Split& split);

/// Every setting of the optimizer and the schedule becomes a detail, so that a config is complete.
void note_details(TrainSettings& settings);

/// Hidden layers dense1, dense2 …, dropout between, and the last one, "output". Throws U02, U11, U12.
Model make_model(const TrainSettings& settings, const Preprocessor& preprocessor);
/// The same without the hidden layers.
Model make_linear_model(const TrainSettings& settings, const Preprocessor& preprocessor);

/// Draws the first parameters, after looking whether there is the memory that training takes. Throws M02, U20.
void build_to_train(Model& model, const TrainSettings& settings, const Split& split);

Optimizer make_optimizer(const TrainSettings& settings);
/// Everything fit() takes, from resolved settings; observer, cancel and checkpoints are the caller's.
FitOptions make_fit_options(const TrainSettings& settings);

/// Copies the parameters of equal name and shape; returns the names of those that found none. Throws U20 where none
/// fits, and as Model::load.
std::vector<std::string> copy_parameters(Model& model, const std::string& from);

/// Made-up rows in place of the training rows that a model keeps to test itself with.
void make_up_test_rows(Model& model, std::uint64_t seed);

}  // namespace pellucid::app
