// The targets of a preprocessor to JSON and back.
// Not here: its columns (preprocess_json.cc).
#pragma once

#include <vector>

#include "core/json.h"
#include "pellucid/fitted_column.h"

namespace pellucid {

void put_targets(SortedJson& document, const std::vector<FittedTarget>& targets);
/// Throws D21 for members that are missing or of another type.
std::vector<FittedTarget> read_targets(const SortedJson& document);

}  // namespace pellucid
