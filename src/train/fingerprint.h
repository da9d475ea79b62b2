// Fingerprint: what a checkpoint stores about its training, to check that a resumed training has the same options and
// rows.
// Not here: the state itself (training_state.h).
#pragma once

#include "core/settings.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// Contains the options (every auto replaced), the layers, and keys of the rows. `train` already has its row weights.
template <class T>
Json fingerprint(const BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                 const BasicFitOptions<T>& options, const Loss& loss);

/// Whether `then` has all fields that fingerprint() writes. Checkpoints of early versions lack the layers and row keys.
bool is_complete(const Json& then);

/// Throws U31 (settings, layers) or D42 (rows), with every difference. Fields that `then` lacks are not compared.
void require_same(const Json& then, const Json& now);

}  // namespace pellucid
