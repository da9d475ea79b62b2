// The value of each auto of a recipe once the rows are split.
// Not here: the presets (presets.h), building (build.h).
#pragma once

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"

namespace pellucid {

/// Replaces every auto of the model and the training by its value; the origin becomes "auto: reason". Throws U06, U12,
/// U20, U35.
void resolve_autos(Recipe& recipe, const Split& split);

/// Makes optimizer, schedule and loss whole objects with their settings applied, so that a config is complete. What is
/// "auto" is Adam and the constant schedule; a loss stays "auto". Throws U12, U35.
void settle_kinds(Recipe& recipe);

}  // namespace pellucid
