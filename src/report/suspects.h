// D07: training rows whose labels look wrong, as rows of the table and in one sentence.
// Not here: the ranking (pellucid/health_findings.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pellucid/dataset.h"
#include "pellucid/findings.h"
#include "pellucid/health.h"

namespace pellucid {

struct SuspectRecord {
  std::int64_t row;  ///< of the table, from 0
  std::int32_t label;
  double probability;  ///< of its own label, the mean over the epochs
};

/// The fifty rows believed in least, least first.
std::vector<SuspectRecord> suspect_records(const Health& health, const Dataset& train);

/// A note where some rows stand apart: their label's mean probability is under a half while most rows' is over 0.9.
std::optional<Finding> suspect_finding(const Health& health, const Dataset& train);

}  // namespace pellucid
