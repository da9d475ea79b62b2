// Makes a Model of the collected layers. Not here: collecting them (net.cc), the preprocessor (import.cc).
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "import/onnx/net.h"

namespace pellucid::importing {
namespace {

void set_values(Model& model, const std::string& name, const std::vector<double>& values, const std::string& file,
                const std::string& operators) {
  float* to = model.parameter(name).data();
  for (const double value : values) {
    *to = static_cast<float>(value);
    if (!std::isfinite(*to++)) refuse_file(file, "a weight of " + operators + " is not finite in float32");
  }
}

bool any_nonzero(const std::vector<double>& values) {
  return std::ranges::any_of(values, [](double x) { return x != 0; });
}

}  // namespace

Shape Net::row_shape() const {
  if (!row_is_one_cell()) return Shape{columns_};
  Extents extents = graph_.inputs[0].extents;
  if (extents.size() == 3 && extents.front() == 1) extents.erase(extents.begin());  // one channel
  if (extents.size() == 3 && extents.back() == 1) extents.pop_back();
  return Shape(extents);
}

Model Net::build(std::vector<ImportedLayer>& layers) const {
  Model model;
  Readers readers;
  std::vector<std::string> names(parts_.size());
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const Part& part = parts_[p];
    if (part.inputs.empty()) continue;  // became part of a longer sum
    std::vector<std::string> inputs;
    for (const Place& place : part.inputs) {
      if (place.part >= 0) {
        inputs.push_back(names[static_cast<std::size_t>(place.part)]);
      } else {
        inputs.push_back(data_reader(model, place, part.layer == nullptr, readers));
      }
    }
    if (part.layer == nullptr) {
      const DenseOptions options{.bias = any_nonzero(part.bias)};
      model.add(Dense(part.size, part.activation, options), "", inputs);
    } else {
      model.add(LayerRef(part.layer), "", inputs);
    }
    names[p] = model.nodes().back().name;
    layers.push_back({names[p], part.operators});
    if (part.frozen) model.freeze(names[p]);
  }
  model.build(row_shape());
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const Part& part = parts_[p];
    if (!part.weight.empty()) set_values(model, names[p] + ".weight", part.weight, graph_.file, part.operators);
    if (!part.weight.empty() && any_nonzero(part.bias))
      set_values(model, names[p] + ".bias", part.bias, graph_.file, part.operators);
    const std::pair<const char*, const std::vector<double>&> others[] = {
        {".factor", part.factor}, {".gamma", part.gamma}, {".beta", part.beta}};
    for (const auto& [name, values] : others) {
      if (!values.empty()) set_values(model, names[p] + name, values, graph_.file, part.operators);
    }
  }
  return model;
}

// The name of a layer that gives these columns of the data. Dense layers read a picture as it is; others need it flat.
std::string Net::data_reader(Model& model, const Place& place, bool takes_shapes, Readers& readers) const {
  const bool whole = place.size == columns_;
  if (whole && (takes_shapes || row_shape().rank() == 1)) return "input";
  std::string& name = readers[{place.first, place.size}];
  if (!name.empty()) return name;
  if (whole) {
    model.add(Flatten(), "", {"input"});
  } else {
    model.add(Slice(place.first, Shape{place.size}), "", {"input"});
  }
  name = model.nodes().back().name;
  return name;
}

}  // namespace pellucid::importing
