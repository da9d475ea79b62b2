// D07: training rows whose labels may be wrong, as rows of the table and in one sentence.
// Not here: the ranking (pellucid/health_findings.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/settings.h"
#include "pellucid/dataset.h"
#include "pellucid/findings.h"
#include "pellucid/health.h"
#include "pellucid/preprocess.h"
#include "pellucid/run_result.h"
#include "pellucid/table.h"

namespace pellucid {

/// The fifty rows whose own label is least probable, least probable first.
std::vector<SuspectRecord> suspect_records(const Health& health, const Dataset& train);

/// The cells of the training rows, to show suspects later; an empty table where they are more than 2,000,000.
Table small_train_rows(const Table& table, std::span<const std::int64_t> rows);

/// {columns, rows: [{row, truth, p_truth, cells}], sprite}: as examples_json. Large tables have no cells, but pictures
/// that the data set keeps as bytes. `shown`: shown_rows() of the same table.
Json suspect_examples(const std::vector<SuspectRecord>& suspects, const Table& train_rows, const Table& shown,
                      const Dataset& train, const Preprocessor& preprocessor);

/// A note where some rows stand apart: the mean probability of their own label is under 0.5, while that of most rows is
/// over 0.9.
std::optional<Finding> suspect_finding(const Health& health, const Dataset& train);

}  // namespace pellucid
