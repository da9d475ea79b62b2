// Converts a HealthMemory to JSON and back; NaN becomes null. Not here: the fields of report.json (run/health_json.cc).
#include "health/health_memory.h"

#include <cmath>

namespace pellucid {
namespace {

Json number(double x) {
  return std::isfinite(x) ? Json(x) : Json(nullptr);
}
double number(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

Json to_json(const Distribution& d) {
  return {d.low, d.high, d.mean, d.deviation, d.counts};
}
Distribution distribution_from_json(const Json& json) {
  return {json.at(0), json.at(1), json.at(2), json.at(3), json.at(4).get<decltype(Distribution::counts)>()};
}

Json to_json(const std::vector<LayerValues>& values) {
  Json list = Json::array();
  for (const LayerValues& layer : values) {
    list.push_back(Json::array({layer.layer, to_json(layer.outputs), to_json(layer.gradients)}));
  }
  return list;
}
std::vector<LayerValues> values_from_json(const Json& json) {
  std::vector<LayerValues> values;
  for (const Json& layer : json) {
    values.push_back({layer.at(0), distribution_from_json(layer.at(1)), distribution_from_json(layer.at(2))});
  }
  return values;
}

Json to_json(const EpochHealth& look) {
  Json layers = Json::array();
  for (const LayerHealth& l : look.layers) {
    layers.push_back(
        Json::array({l.layer, number(l.gradient_rms), number(l.step_ratio), number(l.dead), number(l.saturated)}));
  }
  return Json::array({look.epoch, look.begun, layers});
}
EpochHealth look_from_json(const Json& json) {
  EpochHealth look{json.at(0), json.at(1), {}};
  for (const Json& l : json.at(2)) {
    look.layers.push_back({l.at(0), number(l.at(1)), number(l.at(2)), number(l.at(3)), number(l.at(4))});
  }
  return look;
}

}  // namespace

Json to_json(const HealthMemory& memory) {
  Json looks = Json::array();
  for (const EpochHealth& look : memory.looks) looks.push_back(to_json(look));
  return {{"epochs", memory.epochs},
          {"rows_looked_at", memory.rows_looked_at},
          {"label_epochs", memory.label_epochs},
          {"last_is_extra", memory.last_is_extra},
          {"looks", looks},
          {"first_values", to_json(memory.first_values)},
          {"last_values", to_json(memory.last_values)}};
}

HealthMemory health_memory_from_json(const Json& json) {
  HealthMemory memory;
  memory.epochs = json.at("epochs");
  memory.rows_looked_at = json.at("rows_looked_at");
  memory.label_epochs = json.at("label_epochs");
  memory.last_is_extra = json.at("last_is_extra");
  for (const Json& look : json.at("looks")) memory.looks.push_back(look_from_json(look));
  memory.first_values = values_from_json(json.at("first_values"));
  memory.last_values = values_from_json(json.at("last_values"));
  return memory;
}

}  // namespace pellucid
