// Heads: which layers give the model's outputs, and which targets and losses they have for given data.
// Not here: Head itself (pellucid/model.h), adding the losses (batch_loss.cc).
#pragma once

#include <string_view>
#include <vector>

#include "losses/head_losses.h"
#include "pellucid/model.h"

namespace pellucid {

/// The nodes that give the outputs, in the order of the outputs: the heads, or without heads the last node. Throws U33
/// if another layer reads a head, or if a layer is neither read nor a head.
template <class T>
std::vector<int> output_nodes(const BasicModel<T>& model);

/// The name of the layer's output activation; "linear" if it has none.
std::string_view end_of(const Layer& layer) noexcept;

/// The losses of the model's heads for this data set, with all defaults filled in. Throws U33 if a head, its loss and
/// its targets do not fit, or if no head learns a target.
template <class T>
Loss loss_of_heads(const BasicModel<T>& model, const Dataset& data);

/// The same without data: the heads take the target columns one after another. A head with cross_entropy (default after
/// a softmax) takes one column with the class number; a head with binary_cross_entropy (default after a sigmoid) takes
/// one column of 0 and 1 per output; any other head takes as many columns of numbers as its loss reads. Throws U33 if a
/// head names its targets, because their columns are known only with the data.
template <class T>
Loss loss_of_heads(const BasicModel<T>& model);

}  // namespace pellucid
