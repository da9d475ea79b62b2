// The model of the setting final: trained again on all rows once the result is known.
// Not here: the model that is judged (train.cc).
#pragma once

#include <atomic>
#include <optional>

#include "pellucid/error.h"
#include "pellucid/run.h"
#include "pellucid/train_table.h"

namespace pellucid {

/// Trains with the settings of the run on its training, validation and test rows together; a single net still sets rows
/// aside for validation (given ones only if no test rows are given), with cross-fitting all rows teach. Sets
/// `run.model` and `run.final_rows`, unless the training diverged (the error is returned) or was cancelled. `data` is
/// used up.
std::optional<Error> train_final(Run& run, TrainTable& data, const std::atomic<bool>* cancel);

/// Throws U06 where the setting final excludes another one.
void check_final(const Recipe& recipe);

}  // namespace pellucid
