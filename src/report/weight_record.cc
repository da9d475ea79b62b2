// Distributions of weights. Not here: when they are taken (the program).
#include "report/weight_record.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace pellucid {
namespace {

Distribution distribution_of(std::span<const float> values) {
  Distribution d;
  std::int64_t n = 0;
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    d.low = n == 0 ? x : std::min(d.low, x);
    d.high = n == 0 ? x : std::max(d.high, x);
    d.mean += x;
    ++n;
  }
  if (n == 0) return d;
  d.mean /= static_cast<double>(n);
  const double scale = d.high > d.low ? static_cast<double>(d.counts.size()) / (d.high - d.low) : 0;
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    d.deviation += (x - d.mean) * (x - d.mean) / static_cast<double>(n);
    ++d.counts[std::min(d.counts.size() - 1, static_cast<std::size_t>((x - d.low) * scale))];
  }
  d.deviation = std::sqrt(d.deviation);
  return d;
}

Json distribution_json(const Distribution& d) {
  return {{"low", d.low}, {"high", d.high}, {"mean", d.mean}, {"deviation", d.deviation}, {"counts", d.counts}};
}

}  // namespace

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
