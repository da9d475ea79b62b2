// Reusing a trained model: freezing layers, taking a part of it, copying parameters, changing the precision.
// Not here: how layers are added (model.cc), training (src/train).
#include <algorithm>

#include "core/text.h"
#include "model/plan.h"
#include "pellucid/error.h"
#include "pellucid/model.h"

namespace pellucid {
namespace {

[[noreturn]] void no_parameter(std::string_view name, const std::vector<Need>& needs) {
  std::vector<std::string> names;
  for (const Need& need : needs) {
    if (need.wanted && need.role == Role::parameter) names.push_back(need.name);
  }
  throw Error("U23", "no parameter " + quote(name),
              {names.empty() ? "the layer has none" : "the layer has: " + join(names, ", ")});
}

void require_parameter(std::string_view name, std::string_view need, const std::vector<Need>& needs) {
  const bool there = std::ranges::any_of(
      needs, [&](const Need& n) { return n.wanted && n.role == Role::parameter && n.name == need; });
  if (!there) no_parameter(name, needs);
}

}  // namespace

template <class T>
BasicModel<T>& BasicModel<T>::freeze(std::string_view name, bool frozen) {
  const std::size_t dot = name.find('.');
  const int index = owner(node(name.substr(0, dot)));
  Node& node = nodes_[static_cast<std::size_t>(index)];
  if (dot == std::string_view::npos) {
    node.frozen = frozen;
    node.frozen_parameters.clear();
    return *this;
  }
  const std::string parameter(name.substr(dot + 1));
  if (!shapes_.empty()) require_parameter(name, parameter, needs(index));
  if (node.frozen == frozen) {
    if (frozen) return *this;
    std::erase(node.frozen_parameters, parameter);
  } else if (frozen) {
    if (std::ranges::count(node.frozen_parameters, parameter) == 0) node.frozen_parameters.push_back(parameter);
  } else {
    for (const Need& need : needs(index)) {  // throws U21 if the layer's parameters are not known yet
      const bool other = need.wanted && need.role == Role::parameter && need.name != parameter;
      if (other) node.frozen_parameters.push_back(need.name);
    }
    node.frozen = false;
  }
  return *this;
}

template <class T>
bool BasicModel<T>::is_frozen(std::string_view name) const {
  const std::size_t dot = name.find('.');
  const int index = owner(node(name.substr(0, dot)));
  const Node& node = nodes_[static_cast<std::size_t>(index)];
  if (dot == std::string_view::npos) return node.frozen;
  if (!shapes_.empty()) require_parameter(name, name.substr(dot + 1), needs(index));
  return node.frozen || std::ranges::count(node.frozen_parameters, name.substr(dot + 1)) > 0;
}

template <class T>
BasicModel<T> BasicModel<T>::up_to(std::string_view layer) const {
  const auto last = static_cast<std::size_t>(node(layer));
  std::vector<bool> wanted(nodes_.size(), false);
  wanted[last] = true;
  for (std::size_t i = last + 1; i-- > 0;) {
    for (const int input : nodes_[i].inputs) {
      if (wanted[i] && input >= 0) wanted[static_cast<std::size_t>(input)] = true;
    }
  }
  BasicModel part;
  // `from` holds, per new node, the old node whose parameters it takes.
  std::vector<int> place(nodes_.size(), -1), first_use(nodes_.size(), -1), from;
  for (std::size_t i = 0; i <= last; ++i) {
    if (!wanted[i]) continue;
    const auto source = static_cast<std::size_t>(owner(static_cast<int>(i)));
    Node node = nodes_[i];
    node.frozen = nodes_[source].frozen;
    node.frozen_parameters = nodes_[source].frozen_parameters;
    for (int& input : node.inputs) input = input < 0 ? input : place[static_cast<std::size_t>(input)];
    place[i] = static_cast<int>(part.nodes_.size());
    node.shares = first_use[source];
    if (first_use[source] < 0) first_use[source] = place[i];
    from.push_back(static_cast<int>(source));
    part.append(std::move(node));
  }
  if (!shapes_.empty()) part.set_row_shape(row_shape_);
  if (is_built()) {
    part.make_parameters([&](const Parameter<T>& which, const Need&) {
      const int source = from[static_cast<std::size_t>(which.node)];
      const auto same = std::ranges::find_if(
          parameters_, [&](const Parameter<T>& p) { return p.node == source && p.need == which.need; });
      if (same == parameters_.end()) throw Error("U20", "the model lacks parameters of its layers");
      return same->value;
    });
  }
  part.test_rows = test_rows;
  if (last + 1 == nodes_.size() && heads_.empty()) {
    part.preprocessor = preprocessor;
    part.training = training;
    part.threshold = threshold;
    part.conformal = conformal;
  }
  return part;
}

template <class T>
BasicModel<T>& BasicModel<T>::pop() {
  if (nodes_.empty()) throw Error("U21", "the model has no layer to remove");
  const int last = static_cast<int>(nodes_.size()) - 1;
  std::erase_if(parameters_, [&](const Parameter<T>& p) { return p.node == last; });
  index_.erase(nodes_.back().name);
  std::erase_if(heads_, [&](const Head& head) { return head.layer == nodes_.back().name; });
  nodes_.pop_back();
  if (!shapes_.empty()) shapes_.pop_back();
  training.reset();
  conformal.clear();
  identity_.renew();
  return *this;
}

template <class T>
std::vector<std::string> BasicModel<T>::copy_parameters(const BasicModel& from) {
  if (!is_built() || !from.is_built()) {
    throw Error("U21", "parameters can be copied between models that have some: call build, fit or load first");
  }
  std::vector<std::string> missing;
  for (Parameter<T>& parameter : parameters_) {
    const auto same =
        std::ranges::find_if(from.parameters_, [&](const Parameter<T>& p) { return p.name == parameter.name; });
    if (same == from.parameters_.end() || !(same->value.shape() == parameter.value.shape())) {
      missing.push_back(parameter.name);
    } else {
      std::ranges::copy(same->value.values(), parameter.value.data());
    }
  }
  return missing;
}

template <class T>
template <class U>
BasicModel<U> BasicModel<T>::as() const {
  BasicModel<U> other;
  other.nodes_ = nodes_;
  other.index_ = index_;
  other.input_columns_ = input_columns_;
  other.heads_ = heads_;
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
  other.conformal = conformal;
  if (test_rows) {
    other.test_rows.emplace(test_rows->shape());
    std::ranges::copy(test_rows->values(), other.test_rows->data());
  }
  return other;
}

#define PELLUCID_REUSE(T)                                                              \
  template BasicModel<T>& BasicModel<T>::freeze(std::string_view, bool);               \
  template bool BasicModel<T>::is_frozen(std::string_view) const;                      \
  template BasicModel<T> BasicModel<T>::up_to(std::string_view) const;                 \
  template BasicModel<T>& BasicModel<T>::pop();                                        \
  template std::vector<std::string> BasicModel<T>::copy_parameters(const BasicModel&); \
  template BasicModel<float> BasicModel<T>::as<float>() const;                         \
  template BasicModel<double> BasicModel<T>::as<double>() const;
PELLUCID_REUSE(float)
PELLUCID_REUSE(double)
#undef PELLUCID_REUSE

}  // namespace pellucid
