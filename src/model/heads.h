// Heads: which layers give the model's outputs, and which targets and losses they have for given data.
// Not here: Head itself (pellucid/model.h), the sum of the losses (batch_loss.cc).
#pragma once

#include <string_view>
#include <vector>

#include "losses/head_losses.h"
#include "pellucid/model.h"

namespace pellucid {

/// The nodes that give the outputs, in the order of the outputs: those of the heads, or the last one. Throws U33 where
/// a head is read by another layer, or a layer is neither read nor a head.
template <class T>
std::vector<int> output_nodes(const BasicModel<T>& model);

/// The name of the activation that ends a layer; "linear" where there is none.
std::string_view end_of(const Layer& layer) noexcept;

/// The losses of the model's heads for these rows, with every default replaced. Throws U33 where a head, its loss and
/// its targets do not fit, or a target is learned by no head.
template <class T>
Loss loss_of_heads(const BasicModel<T>& model, const Dataset& data);

/// The same without rows: the heads take the target columns one after another. A head with cross_entropy (the default
/// after a softmax) takes one column with the class number, one with binary_cross_entropy (the default after a sigmoid)
/// one column of 0 and 1 per output, and any other head as many columns of numbers as its loss reads. Throws U33 where
/// a head names its targets, because their columns are known only with the rows.
template <class T>
Loss loss_of_heads(const BasicModel<T>& model);

}  // namespace pellucid
