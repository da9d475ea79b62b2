// What "auto" becomes in fit's options, and their validation.
// Not here: the program's own defaults for the shape of a net (app).
#pragma once

#include "pellucid/trainer.h"

namespace pellucid {

/// The options with every auto replaced. Throws U12 for what is out of range, U06 for what L-BFGS cannot do.
template <class T>
BasicFitOptions<T> with_defaults(BasicFitOptions<T> options, const Dataset& train);

}  // namespace pellucid
