// The stages of resolve() (pellucid/train_table.h), for callers that need the split between them.
// Not here: the presets (presets.h), which settings have no effect (unused.h), building (build.h).
#pragma once

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"
#include "pellucid/train_table.h"

namespace pellucid {

/// Stage 1, what the table decides and the split needs: the preset, and how it scales numbers; also the origins of the
/// settings of reading. Throws U35.
Recipe resolve_by_table(Recipe recipe, const TrainTable& data);

/// Stage 2, what the training rows decide: every other "auto" of the data, the model and the training. Optimizer,
/// schedule and loss become whole objects. `recipe` has passed stage 1. Throws U06, U12, U20, U35.
Recipe resolve_by_split(Recipe recipe, const Split& split);

/// The recipe with optimizer, schedule and loss as whole objects with their settings applied. What is "auto" becomes
/// Adam and the constant schedule; a loss stays "auto". Throws U12, U35.
Recipe with_kinds_settled(Recipe recipe);

}  // namespace pellucid
