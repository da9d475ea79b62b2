// Small networks and rows for them. Not here: the tests (tests/layers/battery_test.cc).
#include "support/nets.h"

#include <algorithm>

#include "core/settings.h"
#include "pellucid/error.h"
#include "support/numbers.h"

namespace pellucid::test {
namespace {

const std::vector<LayerKind> layers_at_start = layer_kinds();
const std::vector<const ActivationKind*> activations_at_start = activation_kinds();
const std::vector<const LossKind*> losses_at_start = loss_kinds();

}  // namespace

const std::vector<LayerKind>& built_in_layers() {
  return layers_at_start;
}
const std::vector<const ActivationKind*>& built_in_activations() {
  return activations_at_start;
}
const std::vector<const LossKind*>& built_in_losses() {
  return losses_at_start;
}

Dataset rows_for(const std::string& task, std::int64_t rows, std::int64_t columns, unsigned seed) {
  const std::vector<double> x = random_values<double>(rows * columns, seed, 1.5);
  std::vector<double> values;
  std::vector<std::int32_t> labels;
  for (std::int64_t r = 0; r < rows; ++r) {
    const double* row = x.data() + r * columns;
    const double a = row[0] + 0.5 * row[1], b = row[0] * row[1] - row[2];
    values.insert(values.end(), {a, b});
    labels.push_back(task == "binary" ? b > 0 : (a > 0) + (a > 0 && b > 0));
  }
  if (task == "regression") return Dataset::regression(std::span<const double>(x), Shape{columns}, values, 2);
  return Dataset::classification(std::span<const double>(x), Shape{columns}, labels, task == "binary" ? 2 : 3);
}

std::int64_t outputs_for(const std::string& task) {
  return task == "regression" ? 2 : task == "binary" ? 1 : 3;
}

bool has_activation(const LayerKind& kind) {
  const auto layer = kind.make();
  const auto fields = list_fields(*layer);
  return std::any_of(fields.begin(), fields.end(),
                     [](const FieldState& f) { return f.info.name == std::string_view("activation"); });
}

LayerRef small_layer(const LayerKind& kind, const Activation& f) {
  std::unique_ptr<Layer> layer = kind.make();
  for (const FieldState& field : list_fields(*layer)) {
    const std::string_view name = field.info.name;
    if (name == "units" || name == "filters") set_field(*layer, name, "4", "layer");
    if (name == "kernel") set_field(*layer, name, "2", "layer");
    if (name == "activation") set_field(*layer, name, f.text(), "layer");
  }
  return LayerRef(std::shared_ptr<const Layer>(std::move(layer)));
}

bool takes_several_inputs(const Layer& layer) {
  const Shape two[] = {Shape{6}, Shape{6}};
  try {
    layer.output_shape(two);
    return true;
  } catch (const Error&) {
    return false;
  }
}

bool takes_pictures(const Layer& layer) {
  const Shape flat[] = {Shape{6}};
  try {
    layer.output_shape(flat);
    return false;
  } catch (const Error&) {
    return true;
  }
}

BasicModel<double> small_net(const LayerRef& layer, const LossKind& loss, std::int64_t columns, std::uint64_t seed) {
  const Dense last{outputs_for(loss.task), Activation::parse(loss.output)};
  BasicModel<double> model{Dense{6, tanh}};
  if (takes_several_inputs(*layer.layer())) {
    model.add(Dense{6, sigmoid}, "second", {"input"}).add(layer, "", {"dense1", "second", "dense1"}).add(last);
  } else if (takes_pictures(*layer.layer())) {
    model = BasicModel<double>{Dense{18, tanh}, Reshape{Shape{3, 3, 2}}, layer, last};
  } else {
    model.add(layer).add(last);
  }
  model.build(Shape{columns}, seed);
  // Biases start at zero; other values make the battery test them too.
  for (Parameter<double>& p : model.parameters()) {
    if (p.name.ends_with(".bias")) {
      const auto values = random_values<double>(p.value.size(), static_cast<unsigned>(p.node), 0.3);
      std::copy(values.begin(), values.end(), p.value.data());
    }
  }
  return model;
}

std::vector<Activation> trainable_activations() {
  std::vector<Activation> all;
  for (const ActivationKind* kind : built_in_activations()) {
    if (kind->has_gradient) all.emplace_back(kind);
  }
  return all;
}

}  // namespace pellucid::test
