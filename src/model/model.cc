// Model: the list of nodes, the parameters they own, shapes and the summary.
// Not here: saving (model_file.cc), prediction (predictor.cc), training (src/train).
#include "pellucid/model.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/memory.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

std::string automatic_name(const std::vector<Node>& nodes, std::string_view kind) {
  const auto same = std::count_if(nodes.begin(), nodes.end(), [&](const Node& n) { return n.layer->kind() == kind; });
  return std::string(kind) + std::to_string(same + 1);
}

}  // namespace

template <class T>
BasicModel<T>::BasicModel(std::initializer_list<LayerRef> layers) {
  for (const LayerRef& layer : layers) add(layer);
}

template <class T>
BasicModel<T>& BasicModel<T>::add(LayerRef layer, std::string name) {
  const int last = static_cast<int>(nodes_.size()) - 1;
  if (name.empty()) name = automatic_name(nodes_, layer.layer()->kind());
  for (const Node& node : nodes_) {
    if (node.name == name) throw Error("U10", "the model has a layer " + quote(name) + " already");
  }
  if (name.find('.') != std::string::npos) throw Error("U12", "a layer's name holds no '.', got " + quote(name));
  nodes_.push_back({std::move(name), layer.layer(), {last}});
  built_ = false;
  parameters_.clear();
  return *this;
}

template <class T>
BasicModel<T>& BasicModel<T>::add(LayerRef layer, std::string name, const std::vector<std::string>& inputs) {
  std::vector<int> sources;
  std::vector<std::string> names;
  for (const Node& node : nodes_) names.push_back(node.name);
  for (const std::string& input : inputs) {
    const auto found = std::find(names.begin(), names.end(), input);
    if (found == names.end() && input != "input") {
      throw Error("U23", "no layer " + quote(input) + " to read from", {"there are: input, " + join(names, ", ")});
    }
    sources.push_back(input == "input" ? -1 : static_cast<int>(found - names.begin()));
  }
  add(std::move(layer), std::move(name));
  nodes_.back().inputs = std::move(sources);
  return *this;
}

template <class T>
void BasicModel<T>::build(const Shape& row_shape, std::uint64_t seed) {
  make_parameters(row_shape, [&](const Parameter<T>& which, const Need& need) {
    Tensor<T> value(need.shape);
    const RandomKey key{.seed = seed,
                        .purpose = Purpose::initialize,
                        .stream = static_cast<std::uint32_t>(which.node),
                        .step = static_cast<std::uint32_t>(which.need)};
    need.initializer.fill(key, need.fan_in, need.fan_out, value.data(), value.size());
    return value;
  });
}

// Before the first of them is drawn: a second layer that cannot be had shall not cost the making of the first.
template <class T>
double BasicModel<T>::parameter_bytes() const {
  double bytes = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const Need& need : nodes_[i].layer->needs(input_shapes(static_cast<int>(i)))) {
      if (!need.wanted || (need.role != Role::parameter && need.role != Role::state)) continue;
      double elements = 1;
      for (const std::int64_t extent : need.shape.extents()) elements *= static_cast<double>(extent);
      bytes += elements * sizeof(T);
    }
  }
  return bytes;
}

template <class T>
void BasicModel<T>::make_parameters(const Shape& row_shape, const MakeValue& make) {
  if (nodes_.empty()) throw Error("U21", "the model has no layers");
  row_shape_ = row_shape;
  built_ = true;
  require_memory(parameter_bytes());
  std::vector<Parameter<T>> parameters;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    output_shape(static_cast<int>(i));  // throws where the shapes do not fit
    const std::vector<Need> needs = nodes_[i].layer->needs(input_shapes(static_cast<int>(i)));
    for (std::size_t k = 0; k < needs.size(); ++k) {
      const Need& need = needs[k];
      if (!need.wanted || (need.role != Role::parameter && need.role != Role::state)) continue;
      Parameter<T> parameter{nodes_[i].name + "." + need.name, static_cast<int>(i), static_cast<int>(k), need.role, {}};
      parameter.value = make(parameter, need);
      parameters.push_back(std::move(parameter));
    }
  }
  parameters_ = std::move(parameters);
}

template <class T>
const Shape& BasicModel<T>::row_shape() const {
  if (!built_) throw Error("U21", "the model does not know its input yet: call build, fit or load first");
  return row_shape_;
}

template <class T>
Shape BasicModel<T>::output_shape() const {
  return output_shape(static_cast<int>(nodes_.size()) - 1);
}

template <class T>
Shape BasicModel<T>::output_shape(int node) const {
  return nodes_.at(static_cast<std::size_t>(node)).layer->output_shape(input_shapes(node));
}

template <class T>
std::vector<Shape> BasicModel<T>::input_shapes(int node) const {
  std::vector<Shape> shapes;
  for (int input : nodes_.at(static_cast<std::size_t>(node)).inputs)
    shapes.push_back(input < 0 ? row_shape() : output_shape(input));
  return shapes;
}

template <class T>
Tensor<T>& BasicModel<T>::parameter(std::string_view name) {
  std::vector<std::string> names;
  for (Parameter<T>& parameter : parameters_) {
    if (parameter.name == name) return parameter.value;
    names.push_back(parameter.name);
  }
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
  std::size_t name_width = 8, shape_width = 10;
  std::vector<std::string> shapes;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    shapes.push_back(input_shapes(static_cast<int>(i)).front().text() + " -> " +
                     output_shape(static_cast<int>(i)).text());
    name_width = std::max(name_width, nodes_[i].name.size());
    shape_width = std::max(shape_width, shapes.back().size());
  }
  std::string text = fmt::format("{:<{}}  {:<{}}  {:<16}  {:>10}\n", "layer", name_width, "shape", shape_width,
                                 "activation", "params");
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    std::int64_t count = 0;
    for (const Parameter<T>& p : parameters_)
      count += p.node == static_cast<int>(i) && p.role == Role::parameter ? p.value.size() : 0;
    const Activation* f = nodes_[i].layer->output_activation();
    text += fmt::format("{:<{}}  {:<{}}  {:<16}  {:>10}\n", nodes_[i].name, name_width, shapes[i], shape_width,
                        f ? f->text() : "-", count_text(count));
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
  if (built_) other.build(row_shape_);
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    std::ranges::copy(parameters_[p].value.values(), other.parameters()[p].value.data());
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
