// Small networks of every kind, and rows for them, for the battery of tests.
// Not here: the tests (tests/layers/battery_test.cc).
#pragma once

#include <string>
#include <vector>

#include "pellucid/model.h"

namespace pellucid::test {

/// Random rows with a relation that can be learned. `task` is a LossKind's: "regression" has two target columns,
/// "binary" two classes, "classification" three.
Dataset rows_for(const std::string& task, std::int64_t rows, std::int64_t columns, unsigned seed = 1);

/// Number of outputs that a network for this task has.
std::int64_t outputs_for(const std::string& task);

/// A layer of this kind with small settings: 4 units and the activation `f`, if it has such settings.
LayerRef small_layer(const LayerKind& kind, const Activation& f);
bool has_activation(const LayerKind& kind);

/// Whether the layer can read two inputs of equal shape.
bool takes_several_inputs(const Layer& layer);

/// columns → dense 6 tanh → the layer → dense, ended by the activation that the loss takes. A layer that can read
/// several inputs reads three: that dense layer, a second one beside it, and the first one again.
BasicModel<double> small_net(const LayerRef& layer, const LossKind& loss, std::int64_t columns = 5,
                             std::uint64_t seed = 7);

/// The kinds that exist when the program starts, before tests register their own.
const std::vector<LayerKind>& built_in_layers();
const std::vector<const ActivationKind*>& built_in_activations();
const std::vector<const LossKind*>& built_in_losses();

/// All built-in activations that have a derivative.
std::vector<Activation> trainable_activations();

}  // namespace pellucid::test
