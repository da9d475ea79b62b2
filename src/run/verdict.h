// The verdict on a run: how good the model is, in sentences. Not here: scores as such (run_result.h).
#pragma once

#include <string>

#include "pellucid/run_result.h"

namespace pellucid {

/// How the model compares with one without hidden layers, which must have been trained: "0.4 points better than a
/// linear model, which could be chance: the linear model is as good".
std::string comparison_with_linear(const RunResult& result);

/// Two or three sentences, each on a line of its own: the score on the test rows, and what simpler answers reach.
std::string verdict_of(const RunResult& result);

}  // namespace pellucid
