// Refuses targets from which nothing can be learned, before any training.
// Not here: constant targets (fit.cc, target_scale.cc), missing ones (target.cc).
#pragma once

#include <cstdint>
#include <span>

#include "pellucid/preprocess.h"

namespace pellucid {

/// Throws D38 if the target differs in every row, is an id, a date or free text, or mixes numbers with words. `task`:
/// the task that was chosen; `wanted`: the task in the options. An explicit task is only refused if every row differs,
/// or if it is regression and cells are words.
void require_learnable(const Table& table, const Column& target, std::span<const std::int64_t> rows, Task task,
                       Task wanted);

}  // namespace pellucid
