// Makes records of weights and writes them as JSON. Not here: when they are made (description.cc, train.cc).
#include "run/weight_record.h"

namespace pellucid {

Json distribution_json(const Distribution& d) {
  return {{"low", d.low}, {"high", d.high}, {"mean", d.mean}, {"deviation", d.deviation}, {"counts", d.counts}};
}

std::vector<WeightRecord> record_weights(const Model& model) {
  std::vector<WeightRecord> records;
  for (const auto& parameter : model.parameters()) {
    records.push_back(
        {parameter.name, parameter.value.shape().text(), distribution_of(parameter.value.values()), Distribution()});
  }
  return records;
}

void record_kept(std::vector<WeightRecord>& records, const Model& model) {
  for (WeightRecord& record : records) {
    for (const auto& parameter : model.parameters()) {
      if (parameter.name == record.name) record.kept = distribution_of(parameter.value.values());
    }
  }
}

Json weights_json(const std::vector<WeightRecord>& records) {
  Json list = Json::array();
  for (const WeightRecord& record : records) {
    list.push_back({{"name", record.name},
                    {"shape", record.shape},
                    {"first", distribution_json(record.first)},
                    {"kept", distribution_json(record.kept)}});
  }
  return list;
}

}  // namespace pellucid
