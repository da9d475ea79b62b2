// Writes nodes as JSON with each layer's description, and reads them with the registry of layers.
// Not here: the container (files/safetensors.h).
#include "files/architecture_json.h"

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr std::size_t most_settings = 100;

std::unique_ptr<Layer> make_layer(const SortedJson& node, const std::string& file) {
  const std::string kind = node.at("kind").get<std::string>();
  std::vector<std::string> names;
  for (const LayerKind& candidate : layer_kinds()) {
    if (candidate.name == kind) {
      auto layer = candidate.make();
      const SortedJson& settings = node.at("settings");
      if (settings.size() > most_settings)
        throw Error("D21", file + " has too many settings of a layer " + quote(kind));
      settings_from_json(*layer, Json(settings), "layer " + kind);
      return layer;
    }
    names.emplace_back(candidate.name);
  }
  throw Error("D21", file + " has a layer of kind " + quote(kind) + ", which this program does not know",
              {"known: " + join(names, ", "), "a kind of your own must be registered before loading (register_layer)"});
}

// Freezes a layer as the file says: all of it (true), or a list of parameters, whose names are checked once shapes are
// known.
template <class T>
void freeze_from_json(BasicModel<T>& model, const std::string& name, const SortedJson& frozen,
                      const std::string& file) {
  if (frozen.is_boolean()) {
    model.freeze(name, frozen.get<bool>());
    return;
  }
  const auto parameters = frozen.get<std::vector<std::string>>();
  if (parameters.size() > most_settings) throw Error("D21", file + " freezes too many parameters of " + quote(name));
  for (const std::string& parameter : parameters) model.freeze(name + "." + parameter);
}

}  // namespace

template <class T>
Json architecture_to_json(const BasicModel<T>& model) {
  Json nodes = Json::array();
  for (const Node& node : model.nodes()) {
    Json inputs = Json::array();
    for (int input : node.inputs)
      inputs.push_back(input < 0 ? "input" : model.nodes()[static_cast<std::size_t>(input)].name);
    const auto layer = node.layer->clone();  // describe() may write to its object, so it visits a copy
    nodes.push_back({{"name", node.name},
                     {"kind", node.layer->kind()},
                     {"inputs", inputs},
                     {"settings", settings_to_json(*layer)}});
    if (node.shares >= 0) nodes.back()["shares"] = model.nodes()[static_cast<std::size_t>(node.shares)].name;
    if (node.frozen) nodes.back()["frozen"] = true;
    if (!node.frozen_parameters.empty()) nodes.back()["frozen"] = node.frozen_parameters;
  }
  return nodes;
}

template <class T>
void architecture_from_json(BasicModel<T>& model, const SortedJson& nodes, const std::string& file) {
  try {
    if (!nodes.is_array() || nodes.empty()) throw Error("D21", file + " has no layers");
    for (const SortedJson& node : nodes) {
      const std::string name = node.at("name").get<std::string>();
      if (name.empty()) throw Error("D21", file + " has a layer without a name");
      const auto inputs = node.at("inputs").get<std::vector<std::string>>();
      if (node.contains("shares")) {
        model.add_shared(node["shares"].get<std::string>(), name, inputs);
      } else {
        model.add(LayerRef(std::shared_ptr<const Layer>(make_layer(node, file))), name, inputs);
      }
      if (node.contains("frozen")) freeze_from_json(model, name, node["frozen"], file);
    }
  } catch (const SortedJson::exception&) {
    throw Error("D21", file + " describes its layers in a form this version does not know");
  } catch (const Error& error) {
    if (error.code() == "D21") throw;
    throw Error("D21", file + ": " + error.what(), error.details());
  }
}

template <class T>
Json heads_to_json(const BasicModel<T>& model) {
  Json heads = Json::array();
  for (const Head& head : model.heads()) {
    heads.push_back({{"layer", head.layer},
                     {"target", head.target.list()},
                     {"loss", head.loss ? Json(head.loss->text()) : Json(nullptr)},
                     {"weight", head.weight}});
  }
  return heads;
}

std::vector<Head> heads_from_json(const SortedJson& heads, const std::string& file) try {
  if (!heads.is_array() || heads.empty()) throw Error("D21", file + " has a list of heads without a head");
  std::vector<Head> all;
  for (const SortedJson& one : heads) {
    if (!one.at("weight").is_number()) throw Error("D21", file + " has a head whose weight is not a number");
    Head& head = all.emplace_back();
    head.layer = one.at("layer").get<std::string>();
    head.target = ColumnNames(one.at("target").get<std::vector<std::string>>());
    if (!one.at("loss").is_null()) head.loss = Loss::parse(one.at("loss").get<std::string>());
    head.weight = one.at("weight").get<double>();
  }
  return all;
} catch (const SortedJson::exception&) {
  throw Error("D21", file + " describes its heads in a form this version does not know");
}

template Json heads_to_json(const BasicModel<float>&);
template Json heads_to_json(const BasicModel<double>&);
template Json architecture_to_json(const BasicModel<float>&);
template Json architecture_to_json(const BasicModel<double>&);
template void architecture_from_json(BasicModel<float>&, const SortedJson&, const std::string&);
template void architecture_from_json(BasicModel<double>&, const SortedJson&, const std::string&);

}  // namespace pellucid
