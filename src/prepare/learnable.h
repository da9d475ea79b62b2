// Targets from which nothing can be learned, refused before any training.
// Not here: constant targets (fit.cc, target_scale.cc), missing ones (target.cc).
#pragma once

#include <cstdint>
#include <span>

#include "pellucid/preprocess.h"

namespace pellucid {

/// Throws D38 where the target differs in every row, is an id, a date or free text, or a number with other words among
/// its cells. `task` was found, `wanted` asked for: who asks for a task gets it unless every row differs.
void require_learnable(const Table& table, const Column& target, std::span<const std::int64_t> rows, Task task,
                       Task wanted);

}  // namespace pellucid
