// HealthMemory: the measurements of a HealthWatch so far, so that a resumed training continues with them.
// Not here: the measurement (health_watch.h), the checkpoint file that stores it (train/checkpoint.cc).
#pragma once

#include "core/settings.h"
#include "pellucid/health.h"

namespace pellucid {

struct HealthMemory {
  std::int64_t epochs = 0;          ///< completed epochs
  std::int64_t rows_looked_at = 0;  ///< rows of the sample, counted once per measurement
  std::int64_t label_epochs = 0;    ///< completed epochs that probability_sums includes
  bool last_is_extra = false;       ///< measured only because training ended; dropped if training continues
  std::vector<EpochHealth> looks;
  std::vector<LayerValues> first_values, last_values;
  LargeVector<double> probability_sums;  ///< one per training row; empty if labels are not read
};

/// All fields but probability_sums.
Json to_json(const HealthMemory& memory);
/// Throws Json::exception if the form is not that of to_json.
HealthMemory health_memory_from_json(const Json& json);

}  // namespace pellucid
