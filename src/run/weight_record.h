// Records of the distribution of each parameter, before training and in the final model. Not here: displaying a model's
// weights (app/text/profiles.h).
#pragma once

#include <string>
#include <vector>

#include "core/settings.h"
#include "pellucid/health.h"
#include "pellucid/model.h"
#include "pellucid/run_result.h"

namespace pellucid {

/// One record per parameter with `first` filled in. Must be called before training.
std::vector<WeightRecord> record_weights(const Model& model);
/// Fills in `kept`, after training.
void record_kept(std::vector<WeightRecord>& records, const Model& model);

/// {low, high, mean, deviation, counts}
Json distribution_json(const Distribution& distribution);

/// [{name, shape, first: {low, high, mean, deviation, counts}, kept: {…}}]
Json weights_json(const std::vector<WeightRecord>& records);

}  // namespace pellucid
