// How long a training will take, told before it begins where that is long.
// Not here: what is left while it runs (progress.h).
#pragma once

#include "pellucid/trainer.h"

namespace pellucid {

/// Seconds for all epochs, from a few steps really taken on a copy of the model; 0 where it is short (less than some
/// 10^12 operations) or no stepwise training. `rounds`: how many such trainings follow each other.
double expected_seconds(const Model& model, const Split& split, const FitOptions& options, double rounds = 1);

}  // namespace pellucid
