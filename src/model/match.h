// Whether a model and labelled rows belong together, and the loss that fits both.
// Not here: other options of training (train/defaults.h).
#pragma once

#include <optional>

#include "pellucid/dataset.h"
#include "pellucid/loss.h"
#include "pellucid/model.h"

namespace pellucid {

/// Throws U20 where the data's rows are not as wide as the model takes them, or the model does not have one output per
/// class or target of the data (one output is enough for two classes).
template <class T>
void require_match(const BasicModel<T>& model, const Dataset& data);

/// The loss asked for, or the default one; either must fit outputs and targets. Throws U20 where it does not.
template <class T>
Loss chosen_loss(const BasicModel<T>& model, const Dataset& data, const std::optional<Loss>& asked);

}  // namespace pellucid
