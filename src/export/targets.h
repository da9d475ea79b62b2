// The targets of a model as an export writes them. Not here: reading outputs in pellucid itself
// (judge/output_reader.h).
#pragma once

#include <vector>

#include "judge/output_reader.h"

namespace pellucid {

/// What each output of a model that was trained on a table means: `first` and `count` are columns of its outputs.
/// Throws U29 where a loss of the user's own computes the predictions.
std::vector<ReadTarget> exported_targets(const Model& model);

}  // namespace pellucid
