// The verdict on a run: sentences that say how good the model is. Not here: the scores (run_result.h).
#pragma once

#include <string>

#include "pellucid/run_result.h"

namespace pellucid {

/// Compares the model with one without hidden layers, which must have been trained: "0.4 points better than a linear
/// model, which could be chance: the linear model is as good".
std::string comparison_with_linear(const RunResult& result);

/// Two or three sentences, one per line: the score on the test rows and how it compares with the baselines.
std::string verdict_of(const RunResult& result);

}  // namespace pellucid
