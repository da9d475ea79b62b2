// Rows of CSV as pellucid writes them: predictions.csv, splits.csv, `pellucid predict`.
// Not here: reading CSV (src/formats/csv).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "pellucid/preprocess.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// The cell, quoted where it holds a comma, a quote or a line break (RFC 4180).
std::string csv_cell(std::string_view text);
/// A number in the fewest digits that tell it from its float32 neighbours.
std::string csv_number(double value);

/// `row,truth,prediction[,p_CLASS…]`: the rows of the test part, numbered from 1 as in the data. Of several targets
/// each has its own: `row,truth_NAME,prediction_NAME[,p_NAME=CLASS],…`, the class being its second one.
void predictions_csv(const Evaluation& evaluation, const Dataset& test, const TextSink& out);
/// `row,split`: which part each row went to, in the order of the data.
void splits_csv(const Split& split, const TextSink& out);

}  // namespace pellucid
