// Copies nodes and moves parameters. Not here: training (members.cc).
#include "trainings/average.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace pellucid {
namespace {

std::string tower_name(std::size_t net, const std::string& layer) {
  return fmt::format("net{}_{}", net + 1, layer);
}

void add_tower(Model& model, const Model& net, std::size_t number) {
  for (const Node& node : net.nodes()) {
    std::vector<std::string> inputs;
    for (const int input : node.inputs) {
      inputs.push_back(input < 0 ? "input" : tower_name(number, net.nodes()[static_cast<std::size_t>(input)].name));
    }
    model.add(LayerRef(node.layer), tower_name(number, node.name), inputs);
  }
}

}  // namespace

Model average_of(std::vector<Model> nets) {
  if (nets.size() == 1) return std::move(nets.front());
  Model model;
  std::vector<std::string> ends;
  for (std::size_t n = 0; n < nets.size(); ++n) {
    add_tower(model, nets[n], n);
    ends.push_back(tower_name(n, nets[n].nodes().back().name));
  }
  model.add(Average(), "output", ends);
  model.build(nets.front().row_shape());
  auto to = model.parameters().begin();
  for (Model& net : nets) {
    for (Parameter<float>& parameter : net.parameters()) (to++)->value = std::move(parameter.value);
  }
  model.preprocessor = std::move(nets.front().preprocessor);
  model.training = std::move(nets.front().training);
  model.threshold = nets.front().threshold;
  model.test_rows = std::move(nets.front().test_rows);
  return model;
}

}  // namespace pellucid
