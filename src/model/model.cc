// Model: the list of nodes, their parameters and shapes.
// Not here: saving (model_file.cc), prediction (predictor.cc), training (src/train).
#include "pellucid/model.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/memory.h"
#include "core/text.h"
#include "model/heads.h"
#include "model/plan.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// A name like "dense2" for the second layer of a kind; skips names that are taken.
std::string automatic_name(const std::vector<Node>& nodes, const std::unordered_map<std::string, int>& taken,
                           std::string_view kind) {
  auto number = std::count_if(nodes.begin(), nodes.end(), [&](const Node& n) { return n.layer->kind() == kind; });
  std::string name;
  do {
    name = std::string(kind) + std::to_string(++number);
  } while (taken.contains(name));
  return name;
}

}  // namespace

template <class T>
BasicModel<T>::BasicModel(std::initializer_list<LayerRef> layers) {
  for (const LayerRef& layer : layers) add(layer);
}

// Adds a node at the end. Its default name and the adaptation of its layer depend on the nodes before it.
template <class T>
void BasicModel<T>::append(Node node) {
  if (!node.layer) throw Error("U20", "there is no layer to add: the pointer is null");
  if (node.name.empty()) node.name = automatic_name(nodes_, index_, node.layer->kind());
  const std::string& name = node.name;
  if (index_.contains(name)) throw Error("U10", "the model has a layer " + quote(name) + " already");
  if (name == "input") throw Error("U10", "no layer can be named \"input\": that is what the data are called");
  if (name.find('.') != std::string::npos) throw Error("U12", "a layer's name contains no '.', got " + quote(name));
  std::vector<const Activation*> activations;
  for (const int input : node.inputs) {
    activations.push_back(input < 0 ? nullptr : nodes_[static_cast<std::size_t>(input)].layer->output_activation());
  }
  if (auto adapted = node.layer->adapted(activations)) node.layer = std::move(adapted);
  index_.emplace(name, static_cast<int>(nodes_.size()));
  nodes_.push_back(std::move(node));
  built_ = false;
  parameters_.clear();
  shapes_.clear();
  identity_.renew();
}

template <class T>
BasicModel<T>& BasicModel<T>::add(LayerRef layer, std::string name) {
  append({std::move(name), layer.layer(), {static_cast<int>(nodes_.size()) - 1}});
  return *this;
}

template <class T>
std::vector<int> BasicModel<T>::sources(const std::string& layer, const std::vector<std::string>& inputs) const {
  if (inputs.empty()) throw Error("U20", "layer " + quote(layer) + " reads nothing: a layer has at least one input");
  std::vector<int> found;
  for (const std::string& input : inputs) found.push_back(input == "input" ? -1 : node(input));
  return found;
}

template <class T>
BasicModel<T>& BasicModel<T>::add(LayerRef layer, std::string name, const std::vector<std::string>& inputs) {
  std::vector<int> read = sources(name, inputs);
  append({std::move(name), layer.layer(), std::move(read)});
  return *this;
}

template <class T>
BasicModel<T>& BasicModel<T>::add_input(std::string name, const Shape& shape) {
  std::int64_t first = 0;  // the first column after all earlier named inputs
  for (const Node& node : nodes_) {
    const auto* part = dynamic_cast<const Slice*>(node.layer.get());
    if (part && node.inputs.front() < 0) first = std::max(first, part->first() + part->shape().elements());
  }
  Slice part(first, shape);
  append({std::move(name), LayerRef(part).layer(), {-1}});
  input_columns_ = first + shape.elements();
  return *this;
}

template <class T>
BasicModel<T>& BasicModel<T>::add_shared(std::string_view layer, std::string name,
                                         const std::vector<std::string>& inputs) {
  const int first = owner(node(layer));
  std::vector<int> read = sources(name, inputs);
  append({std::move(name), nodes_[static_cast<std::size_t>(first)].layer, std::move(read), first});
  return *this;
}

// The node whose parameters this node uses: itself, unless it is a shared layer.
template <class T>
int BasicModel<T>::owner(int node) const noexcept {
  const int shares = nodes_[static_cast<std::size_t>(node)].shares;
  return shares < 0 ? node : shares;
}

template <class T>
int BasicModel<T>::node(std::string_view name) const {
  if (const auto found = index_.find(std::string(name)); found != index_.end()) return found->second;
  std::vector<std::string> names = {"input"};
  for (const Node& node : nodes_) names.push_back(node.name);
  const std::string near = closest(name, names);
  throw Error("U23", "no layer " + quote(name) + " in this model",
              {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
}

template <class T>
void BasicModel<T>::set_row_shape(const Shape& row_shape) {
  if (nodes_.empty()) throw Error("U21", "the model has no layers");
  if (input_columns_ > 0 && row_shape.elements() != input_columns_) {
    throw Error("U20", fmt::format("the model's named inputs have {} together, a row of shape {} has {}",
                                   plural(input_columns_, "column"), row_shape.text(), row_shape.elements()));
  }
  std::vector<Shape> shapes;
  for (const Node& node : nodes_) {
    std::vector<Shape> inputs;
    for (const int input : node.inputs)
      inputs.push_back(input < 0 ? row_shape : shapes[static_cast<std::size_t>(input)]);
    shapes.push_back(node.layer->output_shape(inputs));  // throws if the shapes do not fit
  }
  if (!heads_.empty()) output_nodes(*this);  // throws if heads and layers do not fit
  row_shape_ = row_shape;
  shapes_ = std::move(shapes);
  parameters_.clear();
  built_ = false;
  identity_.renew();
  try {
    require_known_parameters();
  } catch (...) {
    shapes_.clear();
    throw;
  }
}

// Checks that frozen parameters exist, and that all uses of a shared layer need parameters of the same shapes.
template <class T>
void BasicModel<T>::require_known_parameters() const {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const std::vector<Need> ours = needs(static_cast<int>(i));
    for (const std::string& frozen : nodes_[i].frozen_parameters) {
      const bool there = std::ranges::any_of(
          ours, [&](const Need& n) { return n.wanted && n.role == Role::parameter && n.name == frozen; });
      if (!there) throw Error("U23", "layer " + nodes_[i].name + " has no parameter " + quote(frozen) + " to freeze");
    }
    if (nodes_[i].shares < 0) continue;
    const std::vector<Need> first = needs(nodes_[i].shares);
    for (std::size_t k = 0; k < ours.size(); ++k) {
      if (!is_owned(ours[k]) || (k < first.size() && ours[k].shape == first[k].shape)) continue;
      const std::string& name = nodes_[static_cast<std::size_t>(nodes_[i].shares)].name;
      throw Error("U20",
                  fmt::format("layer {} shares the parameters of {}, whose {} is {}; on its inputs it would be {}",
                              nodes_[i].name, name, ours[k].name, first[k].shape.text(), ours[k].shape.text()),
                  {"both uses of a layer read inputs of the same shape"});
    }
  }
}

template <class T>
std::vector<Need> BasicModel<T>::needs(int node) const {
  require_node(node);
  std::vector<Need> needs = nodes_[static_cast<std::size_t>(node)].layer->needs(input_shapes(node));
  const Node& first = nodes_[static_cast<std::size_t>(owner(node))];
  for (Need& need : needs) {
    const bool frozen = first.frozen || std::ranges::count(first.frozen_parameters, need.name) > 0;
    if (frozen && need.role == Role::parameter) need.trainable = false;
  }
  return needs;
}

template <class T>
void BasicModel<T>::build(const Shape& row_shape, std::uint64_t seed) {
  set_row_shape(row_shape);
  // Checks the memory for all parameters first, so that no time is spent on initialising some if the others do not fit.
  double bytes = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const Need& need : needs(static_cast<int>(i))) {
      if (is_owned(need) && nodes_[i].shares < 0) bytes += need.shape.extent_product() * sizeof(T);
    }
  }
  require_memory(bytes);
  make_parameters([&](const Parameter<T>& which, const Need& need) {
    Tensor<T> value(need.shape);
    const RandomKey key{.seed = seed,
                        .purpose = Purpose::initialize,
                        .stream = static_cast<std::uint32_t>(which.node),
                        .step = static_cast<std::uint32_t>(which.need)};
    need.initializer.fill(key, need.fan_in, need.fan_out, value.data(), value.size());
    return value;
  });
}

template <class T>
void BasicModel<T>::make_parameters(const MakeValue& make) {
  std::vector<Parameter<T>> parameters;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const std::vector<Need> needs = this->needs(static_cast<int>(i));
    for (std::size_t k = 0; k < needs.size(); ++k) {
      const Need& need = needs[k];
      if (!is_owned(need) || nodes_[i].shares >= 0) continue;
      Parameter<T> parameter{nodes_[i].name + "." + need.name, static_cast<int>(i), static_cast<int>(k), need.role, {}};
      parameter.value = make(parameter, need);
      parameters.push_back(std::move(parameter));
    }
  }
  parameters_ = std::move(parameters);
  built_ = true;
  identity_.renew();
}

template <class T>
const Shape& BasicModel<T>::row_shape() const {
  if (shapes_.empty()) throw Error("U21", "the model does not know its input yet: call build, fit or load first");
  return row_shape_;
}

template <class T>
void BasicModel<T>::require_node(int node) const {
  if (node >= 0 && static_cast<std::size_t>(node) < nodes_.size()) return;
  throw Error("U20", "there is no node " + std::to_string(node) + " in a model of " +
                         plural(static_cast<std::int64_t>(nodes_.size()), "layer"));
}

template <class T>
Shape BasicModel<T>::output_shape() const {
  row_shape();  // throws if no shape is known
  if (heads_.empty()) return shapes_.back();
  std::int64_t elements = 0;
  for (const Head& head : heads_) elements += shapes_[static_cast<std::size_t>(index_.at(head.layer))].elements();
  return Shape{elements};
}

template <class T>
Shape BasicModel<T>::output_shape(int node) const {
  row_shape();
  require_node(node);
  return shapes_[static_cast<std::size_t>(node)];
}

template <class T>
std::vector<Shape> BasicModel<T>::input_shapes(int node) const {
  row_shape();
  require_node(node);
  std::vector<Shape> shapes;
  for (const int input : nodes_[static_cast<std::size_t>(node)].inputs)
    shapes.push_back(input < 0 ? row_shape_ : shapes_[static_cast<std::size_t>(input)]);
  return shapes;
}

template <class T>
Tensor<T>& BasicModel<T>::parameter(std::string_view name) {
  for (Parameter<T>& parameter : parameters_) {
    if (parameter.name == name) return parameter.value;
  }
  std::vector<std::string> names;
  for (const Parameter<T>& parameter : parameters_) names.push_back(parameter.name);
  const std::string near = closest(name, names);
  throw Error("U23", "no parameter " + quote(name),
              {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
}

template <class T>
const Tensor<T>& BasicModel<T>::parameter(std::string_view name) const {
  return const_cast<BasicModel*>(this)->parameter(name);
}

template <class T>
std::int64_t BasicModel<T>::parameter_count() const noexcept {
  std::int64_t count = 0;
  for (const Parameter<T>& parameter : parameters_)
    count += parameter.role == Role::parameter ? parameter.value.size() : 0;
  return count;
}

template class BasicModel<float>;
template class BasicModel<double>;

}  // namespace pellucid
