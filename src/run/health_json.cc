// The fields of health in report.json. Not here: the measurement (src/health).
#include "run/health_json.h"

#include "run/weight_record.h"

namespace pellucid {
namespace {

Json values_json(const std::vector<LayerValues>& values) {
  Json list = Json::array();
  for (const LayerValues& layer : values) {
    list.push_back({{"layer", layer.layer},
                    {"outputs", distribution_json(layer.outputs)},
                    {"gradients", distribution_json(layer.gradients)}});
  }
  return list;
}

}  // namespace

Json epoch_health_json(const EpochHealth& health) {
  Json layers = Json::array();
  for (const LayerHealth& layer : health.layers) {
    layers.push_back({{"layer", layer.layer},
                      {"gradient_rms", layer.gradient_rms},
                      {"step_ratio", layer.step_ratio},
                      {"dead", layer.dead},
                      {"saturated", layer.saturated}});
  }
  return {{"epoch", health.epoch}, {"layers", layers}};
}

Json health_json(const Health& health) {
  Json epochs = Json::array();
  for (const EpochHealth& epoch : health.epochs) epochs.push_back(epoch_health_json(epoch));
  return {{"rows", health.rows},
          {"constant_loss", health.constant_loss},
          {"kept_score", health.kept_score},
          {"epochs", epochs},
          {"kept", epoch_health_json(health.kept)},
          {"values",
           {{"first", values_json(health.first_values)},
            {"last", values_json(health.last_values)},
            {"kept", values_json(health.kept_values)}}}};
}

}  // namespace pellucid
