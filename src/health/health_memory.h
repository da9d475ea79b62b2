// HealthMemory: what a HealthWatch has seen so far, so that a resumed training goes on with it.
// Not here: looking (health_watch.h), the file it lies in (checkpoint.cc).
#pragma once

#include "core/settings.h"
#include "pellucid/health.h"

namespace pellucid {

struct HealthMemory {
  std::int64_t epochs = 0;          ///< whole epochs so far
  std::int64_t rows_looked_at = 0;  ///< of the sample, over all looks
  std::int64_t label_epochs = 0;    ///< of them, those whose labels' probabilities are in the sums
  bool last_is_extra = false;       ///< the last look was made because training ended; one that goes on forgets it
  std::vector<EpochHealth> looks;
  std::vector<LayerValues> first_values, last_values;
  LargeVector<double> probability_sums;  ///< one per training row; empty: labels are not read
};

/// All but the sums.
Json to_json(const HealthMemory& memory);
/// Throws Json::exception where it is not as to_json writes it.
HealthMemory health_memory_from_json(const Json& json);

}  // namespace pellucid
