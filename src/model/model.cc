// Model: the list of nodes, the parameters they own, shapes and the summary.
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

// "dense2" for the second one; a name that somebody gave already is passed over.
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

template <class T>
BasicModel<T>& BasicModel<T>::add(LayerRef layer, std::string name) {
  if (!layer.layer()) throw Error("U20", "there is no layer to add: the pointer is null");
  if (name.empty()) name = automatic_name(nodes_, index_, layer.layer()->kind());
  if (index_.contains(name)) throw Error("U10", "the model has a layer " + quote(name) + " already");
  if (name == "input") throw Error("U10", "no layer can be named \"input\": that is what the data are called");
  if (name.find('.') != std::string::npos) throw Error("U12", "a layer's name holds no '.', got " + quote(name));
  const int last = static_cast<int>(nodes_.size()) - 1;
  index_.emplace(name, last + 1);
  nodes_.push_back({std::move(name), layer.layer(), {last}});
  built_ = false;
  parameters_.clear();
  shapes_.clear();
  identity_.renew();
  return *this;
}

template <class T>
BasicModel<T>& BasicModel<T>::add(LayerRef layer, std::string name, const std::vector<std::string>& inputs) {
  if (inputs.empty()) throw Error("U20", "layer " + quote(name) + " reads nothing: a layer has at least one input");
  std::vector<int> sources;
  for (const std::string& input : inputs) {
    const auto found = index_.find(input);
    if (found == index_.end() && input != "input") {
      std::vector<std::string> names = {"input"};
      for (const Node& node : nodes_) names.push_back(node.name);
      throw Error("U23", "no layer " + quote(input) + " to read from", {"there are: " + join(names, ", ")});
    }
    sources.push_back(input == "input" ? -1 : found->second);
  }
  add(std::move(layer), std::move(name));
  nodes_.back().inputs = std::move(sources);
  return *this;
}

template <class T>
void BasicModel<T>::set_row_shape(const Shape& row_shape) {
  if (nodes_.empty()) throw Error("U21", "the model has no layers");
  std::vector<Shape> shapes;
  for (const Node& node : nodes_) {
    std::vector<Shape> inputs;
    for (const int input : node.inputs)
      inputs.push_back(input < 0 ? row_shape : shapes[static_cast<std::size_t>(input)]);
    shapes.push_back(node.layer->output_shape(inputs));  // throws where the shapes do not fit
  }
  if (!heads_.empty()) output_nodes(*this);  // throws where heads and layers do not fit
  row_shape_ = row_shape;
  shapes_ = std::move(shapes);
  parameters_.clear();
  built_ = false;
  identity_.renew();
}

template <class T>
void BasicModel<T>::build(const Shape& row_shape, std::uint64_t seed) {
  set_row_shape(row_shape);
  // Before the first of them is drawn: a second layer that cannot be had shall not cost the making of the first.
  double bytes = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const Need& need : nodes_[i].layer->needs(input_shapes(static_cast<int>(i)))) {
      if (is_owned(need)) bytes += need.shape.extent_product() * sizeof(T);
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
    const std::vector<Need> needs = nodes_[i].layer->needs(input_shapes(static_cast<int>(i)));
    for (std::size_t k = 0; k < needs.size(); ++k) {
      const Need& need = needs[k];
      if (!is_owned(need)) continue;
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
  row_shape();  // throws where no shape is known
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

template <class T>
std::string BasicModel<T>::summary() const {
  if (!is_built()) throw Error("U21", "the model has no parameters yet: call build, fit or load first");
  std::size_t name_width = 8, shape_width = 10;
  std::vector<std::string> shapes;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    shapes.push_back(input_shapes(static_cast<int>(i)).front().text() + " -> " +
                     output_shape(static_cast<int>(i)).text());
    name_width = std::max(name_width, nodes_[i].name.size());
    shape_width = std::max(shape_width, shapes.back().size());
  }
  std::vector<std::int64_t> counts(nodes_.size());
  for (const Parameter<T>& p : parameters_)
    counts[static_cast<std::size_t>(p.node)] += p.role == Role::parameter ? p.value.size() : 0;
  std::string text = fmt::format("{:<{}}  {:<{}}  {:<16}  {:>10}\n", "layer", name_width, "shape", shape_width,
                                 "activation", "params");
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Activation* f = nodes_[i].layer->output_activation();
    text += fmt::format("{:<{}}  {:<{}}  {:<16}  {:>10}\n", nodes_[i].name, name_width, shapes[i], shape_width,
                        f ? f->text() : "-", count_text(counts[i]));
  }
  const std::int64_t total = parameter_count();
  return text + fmt::format("{:<{}}  {:<{}}  {:<16}  {:>10}   {}\n", "", name_width, "", shape_width, "total",
                            count_text(total), bytes_text(static_cast<double>(total) * sizeof(T)));
}

template <class T>
template <class U>
BasicModel<U> BasicModel<T>::as() const {
  BasicModel<U> other;
  for (const Node& node : nodes_) {
    std::vector<std::string> inputs;
    for (int input : node.inputs) inputs.push_back(input < 0 ? "input" : nodes_[static_cast<std::size_t>(input)].name);
    other.add(LayerRef(node.layer), node.name, inputs);
  }
  other.set_heads(heads_);
  if (is_built()) other.build(row_shape_);
  if (other.parameters().size() != parameters_.size()) throw Error("U20", "the model lacks parameters of its layers");
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    const Tensor<T>& from = parameters_[p].value;
    Tensor<U>& to = other.parameters()[p].value;
    require_shape(parameters_[p].name, from.shape(), from.size(), to.shape());
    std::ranges::copy(from.values(), to.data());
  }
  other.preprocessor = preprocessor;
  other.training = training;
  other.threshold = threshold;
  if (test_rows) {
    other.test_rows.emplace(test_rows->shape());
    std::ranges::copy(test_rows->values(), other.test_rows->data());
  }
  return other;
}

template class BasicModel<float>;
template class BasicModel<double>;
template BasicModel<float> BasicModel<double>::as<float>() const;
template BasicModel<double> BasicModel<float>::as<double>() const;
template BasicModel<float> BasicModel<float>::as<float>() const;
template BasicModel<double> BasicModel<double>::as<double>() const;

}  // namespace pellucid
