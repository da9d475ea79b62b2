// What a checkpoint knows of the training that wrote it, and what of that must be the same when it is resumed.
// Not here: the state itself (training_state.h).
#pragma once

#include "core/settings.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// The options (every auto replaced), the layers, and keys of the rows. `train` carries its weights.
template <class T>
Json fingerprint(const BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                 const BasicFitOptions<T>& options, const Loss& loss);

/// Whether `then` tells all that fingerprint() tells. Early checkpoints know neither layers nor cells.
bool is_complete(const Json& then);

/// Throws U31 (settings, layers) and D42 (rows) with every difference in words. What `then` does not tell passes.
void require_same(const Json& then, const Json& now);

}  // namespace pellucid
