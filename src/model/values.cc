// Makes the values of a workspace readable by name.
// Not here: which optional values exist (plan.cc, from PlanOptions::keep).
#include "core/text.h"
#include "model/workspace.h"
#include "pellucid/error.h"

namespace pellucid {

template <class T>
void Workspace<T>::name_values() {
  const auto put = [&](const std::string& name, View<T> view, bool per_row) {
    if (view) names_[name] = {view, per_row};
  };
  put("input", at(plan_.input), true);
  put("loss.rows", at(plan_.row_losses), true);
  if (plan_.options().loss) names_["loss"] = {{&loss_value_, 1, 1, 1}, false};
  for (std::size_t part = 0; part < part_losses_.size(); ++part) {
    names_[plan_.options().loss->heads()->heads[part].layer + ".loss"] = {{&part_losses_[part], 1, 1, 1}, false};
  }
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    const PlanNode& node = plan_.nodes()[i];
    const std::string prefix = model_.nodes()[i].name + ".";
    // If the last activation is folded into the loss, y holds logits; probabilities are computed only if kept.
    put(prefix + "output", node.logits ? at(node.probabilities) : passes_[i].y, true);
    // The backward pass may overwrite dy, so dy is readable only if it is kept: then the layer gets memory of its own.
    if (plan_.keeps(prefix + "output.gradient")) put(prefix + "output.gradient", passes_[i].dy, true);
    if (node.logits) {
      put(prefix + "z", passes_[i].y, true);
      put(prefix + "z.gradient", passes_[i].dy, true);
    }
    for (std::size_t k = 0; k < node.needs.size(); ++k) {
      const std::string name = prefix + node.needs[k].name;
      put(name, passes_[i].slices[k], passes_[i].per_row[k]);
      const View<T> value = passes_[i].slices[k];
      if (T* gradient = passes_[i].sinks[k].gradient)
        put(name + ".gradient", {gradient, value.rows, value.columns, value.stride}, false);
    }
  }
}

template <class T>
std::vector<std::string> Workspace<T>::names() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : names_) names.push_back(name);
  return names;
}

template <class T>
View<const T> Workspace<T>::read(std::string_view name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) {
    const std::string near = closest(name, names());
    throw Error(
        "U23", "no value " + quote(name) + " is kept",
        {near.empty() ? "kept are: " + join(names(), ", ") : "did you mean " + near + "?",
         "z, gradients of parameters, an input that is mostly zeros, and the layers' values in a batch longer than "
         "row_block exist only when FitOptions::keep names them"});
  }
  View<T> view = found->second.view;
  if (found->second.per_row) view.rows = rows_;
  return view;
}

template void Workspace<float>::name_values();
template void Workspace<double>::name_values();
template std::vector<std::string> Workspace<float>::names() const;
template std::vector<std::string> Workspace<double>::names() const;
template View<const float> Workspace<float>::read(std::string_view) const;
template View<const double> Workspace<double>::read(std::string_view) const;

}  // namespace pellucid
