// What each auto of a recipe becomes once the rows are split.
// Not here: the presets (presets.h), building (build.h).
#pragma once

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"

namespace pellucid {

/// Replaces every auto that depends on the rows by its value; the origin becomes "auto: reason".
void resolve_autos(Recipe& recipe, const Split& split);

/// Every setting of the optimizer and the schedule becomes a detail, so that a config is complete.
void note_details(Recipe& settings);

}  // namespace pellucid
