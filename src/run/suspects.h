// D07: training rows whose labels may be wrong, as rows of the table and as a finding.
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

/// The rows whose labels have probabilities in Health: the training rows, or with cross-fitting the rows of all folds.
const Dataset& labelled_rows(const Split& split);

/// The fifty rows whose labels have the lowest probability, lowest first.
std::vector<SuspectRecord> suspect_records(const Health& health, const Split& split);

/// The cells of the labelled rows, for showing suspects later. An empty table if there are more than 2,000,000 cells.
Table small_labelled_rows(const Table& table, const SplitPlan& plan);

/// {columns, rows: [{row, truth, p_truth, cells}], sprite}, as in examples_json. For a large table there are no cells,
/// but pictures if the dataset stores them as bytes. `cells`: small_labelled_rows(); `shown`: shown_rows() of the same
/// table.
Json suspect_examples(const std::vector<SuspectRecord>& suspects, const Table& cells, const Table& shown,
                      const Split& split, const Preprocessor& preprocessor);

/// A note if some rows stand out: the mean probability of their label is below 0.5, while that of most rows is above
/// 0.9. With cross-fitting it is below 0.1, because the nets have not seen the row.
std::optional<Finding> suspect_finding(const Health& health, const Split& split);

}  // namespace pellucid
