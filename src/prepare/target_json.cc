// The targets of a preprocessor to JSON and back.
// Not here: its columns (preprocess_json.cc).
#include "prepare/target_json.h"

#include "prepare/json_members.h"

namespace pellucid {

namespace {

using namespace members;

// One target as an object. If it is the only target, its members are stored in the document itself, as in models of
// versions that allowed only one.
SortedJson target_json(const FittedTarget& target) {
  SortedJson json{{"name", target.name},           {"classes", target.classes}, {"mean", target.mean},
                  {"deviation", target.deviation}, {"low", target.low},         {"high", target.high}};
  if (!target.form.empty()) json["form"] = target.form;
  if (target.shift) json["shift"] = *target.shift;
  if (target.clamped) json["clamped"] = true;
  return json;
}

FittedTarget target(const SortedJson& object) {
  if (!object.is_object()) refuse("a target is not an object");
  FittedTarget result;
  result.name = text(object, "name");
  result.classes = texts(object, "classes");
  result.mean = number(object, "mean");
  result.deviation = number(object, "deviation");
  result.low = number(object, "low");
  result.high = number(object, "high");
  if (object.contains("form")) result.form = number_form(object, "form");
  if (object.contains("shift")) result.shift = number(object, "shift");
  if (object.contains("clamped")) result.clamped = object["clamped"] == true;
  return result;
}

// Names of a single target's members in the document.
constexpr const char* single_names[][2] = {
    {"name", "target"},
    {"classes", "classes"},
    {"mean", "target_mean"},
    {"deviation", "target_deviation"},
    {"low", "target_low"},
    {"high", "target_high"},
    {"form", "target_form"},
    {"shift", "target_shift"},
    {"clamped", "target_clamped"},
};

}  // namespace

void put_targets(SortedJson& document, const std::vector<FittedTarget>& targets) {
  if (targets.size() != 1) {
    document["targets"] = SortedJson::array();
    for (const FittedTarget& one : targets) document["targets"].push_back(target_json(one));
    return;
  }
  const SortedJson json = target_json(targets.front());
  for (const auto& [own, single] : single_names) {
    if (json.contains(own)) document[single] = json[own];
  }
}

std::vector<FittedTarget> read_targets(const SortedJson& document) {
  std::vector<FittedTarget> targets;
  if (document.contains("targets")) {
    if (!document["targets"].is_array()) refuse("targets is not a list");
    for (const SortedJson& item : document["targets"]) targets.push_back(target(item));
    return targets;
  }
  SortedJson json = SortedJson::object();
  for (const auto& [own, single] : single_names) {
    if (document.contains(single)) json[own] = document[single];
  }
  targets.push_back(target(json));
  return targets;
}

}  // namespace pellucid
