// Whether a model and labelled rows belong together, and the loss that fits both.
// Not here: the heads of a model (heads.h), other options of training (train/defaults.h).
#pragma once

#include <optional>

#include "pellucid/dataset.h"
#include "pellucid/loss.h"
#include "pellucid/model.h"

namespace pellucid {

/// Throws U20 where the data's rows are not as wide as the model takes them, or the outputs of a model without heads do
/// not fit the targets: one output per target column or class (one is enough for two classes), or what a loss of the
/// user's own reads. U33 where the targets are mixed and the model has no heads.
template <class T>
void require_match(const BasicModel<T>& model, const Dataset& data, const Loss& loss);

/// The loss asked for, or the default one; either must fit outputs and targets. Throws U20, U33 where it does not; U33
/// where a loss is asked for and the model has heads, which have losses of their own.
template <class T>
Loss chosen_loss(const BasicModel<T>& model, const Dataset& data, const std::optional<Loss>& asked);

}  // namespace pellucid
