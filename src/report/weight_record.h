// A parameter's values in a few numbers and a histogram, before training and as kept.
// Not here: other ways to look at weights (app/profiles.h).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/settings.h"
#include "pellucid/model.h"

namespace pellucid {

struct Distribution {
  double low = 0, high = 0, mean = 0, deviation = 0;
  std::array<std::int64_t, 24> counts{};  ///< in equal parts of low … high
};

struct WeightRecord {
  std::string name, shape;
  Distribution first, kept;
};

/// One record a parameter, `first` filled: to be called before training.
std::vector<WeightRecord> record_weights(const Model& model);
/// Fills `kept`.
void record_kept(std::vector<WeightRecord>& records, const Model& model);

/// [{name, shape, first: {low, high, mean, deviation, counts}, kept: {…}}]
Json weights_json(const std::vector<WeightRecord>& records);

}  // namespace pellucid
