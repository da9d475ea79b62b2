// Checks whether a model and a data set fit together, and chooses the loss that fits both.
// Not here: the heads of a model (heads.h), other training options (train/defaults.h).
#pragma once

#include <optional>

#include "pellucid/dataset.h"
#include "pellucid/loss.h"
#include "pellucid/model.h"

namespace pellucid {

/// Throws U20 if the rows of the data have another number of features than the model takes, or if the outputs of a
/// model without heads do not fit the targets: it needs one output per target column or class (one is enough for two
/// classes), or the number that a user's own loss reads. Throws U33 if the targets are mixed and the model has no
/// heads.
template <class T>
void require_match(const BasicModel<T>& model, const Dataset& data, const Loss& loss);

/// `asked`, or by default default_loss(model, data). Throws U20 or U33 if it does not fit outputs and targets; U33 if a
/// loss is given and the model has heads, which have losses of their own.
template <class T>
Loss chosen_loss(const BasicModel<T>& model, const Dataset& data, const std::optional<Loss>& asked);

}  // namespace pellucid
