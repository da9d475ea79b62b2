// What "auto" becomes in fit's options, and their validation.
// Not here: the program's own defaults for the shape of a net (app).
#pragma once

#include "pellucid/trainer.h"

namespace pellucid {

/// The options with every auto replaced. Throws U12 for what is out of range, U06 for what L-BFGS cannot do.
template <class T>
BasicFitOptions<T> with_defaults(BasicFitOptions<T> options, const Dataset& train);

/// Throws U20 where the data's rows are not as wide as the model takes them, or the model has not an output for each
/// class or target of the data (one for two classes will do).
template <class T>
void require_match(const BasicModel<T>& model, const Dataset& data);

/// The loss asked for, or the default one; either must fit outputs and targets (U20).
template <class T>
Loss chosen_loss(const BasicModel<T>& model, const Dataset& data, const BasicFitOptions<T>& options);

}  // namespace pellucid
