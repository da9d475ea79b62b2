// merge_batch_norms: puts the batch normalizations of a trained model into the weights of the layers before them.
// Not here: batch normalization itself (layers/batch_norm.cc).
#include <algorithm>
#include <cmath>

#include "pellucid/error.h"
#include "pellucid/model.h"
#include "pellucid/normalization.h"
#include "pellucid/picture_layers.h"

namespace pellucid {
namespace {

/// The same layer with a bias; null if batch normalization cannot be merged into it. The channels must be the last axis
/// of its weight.
std::shared_ptr<const Layer> with_bias(const Layer& layer) {
  if (layer.output_activation() == nullptr || !(*layer.output_activation() == linear)) return nullptr;
  if (const auto* const dense = dynamic_cast<const Dense*>(&layer)) {
    DenseOptions options = dense->options();
    options.bias = true;
    return std::make_shared<Dense>(dense->units(), linear, options);
  }
  if (const auto* const conv = dynamic_cast<const Conv2D*>(&layer)) {
    Conv2DOptions options = conv->options();
    options.bias = true;
    return std::make_shared<Conv2D>(conv->filters(), conv->kernel(), linear, options);
  }
  return nullptr;
}

/// For each node that is merged into its input: that input; else -1.
template <class T>
std::vector<int> merged_into(const BasicModel<T>& model) {
  const std::vector<Node>& nodes = model.nodes();
  std::vector<int> reads(nodes.size(), 0), shares(nodes.size(), 0), into(nodes.size(), -1);
  for (const Node& node : nodes) {
    for (const int input : node.inputs) reads[static_cast<std::size_t>(std::max(input, 0))] += input >= 0;
    if (node.shares >= 0) ++shares[static_cast<std::size_t>(node.shares)];
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const int from = nodes[i].inputs.front();
    if (from < 0 || nodes[i].shares >= 0 || shares[i] > 0 || nodes[i].layer->kind() != BatchNorm::name) continue;
    const auto before = static_cast<std::size_t>(from);
    const bool alone = reads[before] == 1 && nodes[before].shares < 0 && shares[before] == 0;
    if (alone && with_bias(*nodes[before].layer) != nullptr) into[i] = from;
  }
  return into;
}

// factor = gamma / √(variance + epsilon): weight · factor, (bias − mean) · factor + beta.
template <class T>
void put_into(const BasicModel<T>& from, const Node& norm, const Node& before, BasicModel<T>& to) {
  const double epsilon = dynamic_cast<const BatchNorm&>(*norm.layer).options().epsilon;
  const auto own = [&](const char* name) { return from.parameter(norm.name + "." + name).data(); };
  const T *gamma = own("gamma"), *beta = own("beta"), *mean = own("running_mean"), *variance = own("running_variance");
  Tensor<T>&weight = to.parameter(before.name + ".weight"), &bias = to.parameter(before.name + ".bias");
  const std::int64_t channels = bias.size();
  for (std::int64_t c = 0; c < channels; ++c) {
    const double factor = static_cast<double>(gamma[c]) / std::sqrt(static_cast<double>(variance[c]) + epsilon);
    for (std::int64_t i = c; i < weight.size(); i += channels) {
      weight.data()[i] = static_cast<T>(static_cast<double>(weight.data()[i]) * factor);
    }
    const double shifted = (static_cast<double>(bias.data()[c]) - static_cast<double>(mean[c])) * factor;
    bias.data()[c] = static_cast<T>(shifted + static_cast<double>(beta[c]));
  }
}

}  // namespace

template <class T>
BasicModel<T> merge_batch_norms(const BasicModel<T>& model) {
  if (!model.is_built()) throw Error("U21", "the model has no parameters yet: call build, fit or load first");
  const std::vector<Node>& nodes = model.nodes();
  const std::vector<int> into = merged_into(model);
  const auto name_of = [&](int node) {
    if (node < 0) return std::string("input");
    const int merged = into[static_cast<std::size_t>(node)];
    return nodes[static_cast<std::size_t>(merged < 0 ? node : merged)].name;
  };
  BasicModel<T> result;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (into[i] >= 0) continue;
    std::vector<std::string> inputs;
    for (const int input : nodes[i].inputs) inputs.push_back(name_of(input));
    const bool takes_norm = std::ranges::count(into, static_cast<int>(i)) > 0;
    if (nodes[i].shares >= 0) {
      result.add_shared(name_of(nodes[i].shares), nodes[i].name, inputs);
    } else {
      result.add(LayerRef(takes_norm ? with_bias(*nodes[i].layer) : nodes[i].layer), nodes[i].name, inputs);
    }
  }
  std::vector<Head> heads = model.heads();
  for (Head& head : heads) head.layer = name_of(model.node(head.layer));
  result.set_heads(std::move(heads));
  result.build(model.row_shape());
  result.copy_parameters(model);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (into[i] >= 0) put_into(model, nodes[i], nodes[static_cast<std::size_t>(into[i])], result);
  }
  result.preprocessor = model.preprocessor;
  result.training = model.training;
  result.threshold = model.threshold;
  result.conformal = model.conformal;
  result.test_rows = model.test_rows;
  return result;
}

template BasicModel<float> merge_batch_norms(const BasicModel<float>&);
template BasicModel<double> merge_batch_norms(const BasicModel<double>&);

}  // namespace pellucid
