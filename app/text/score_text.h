// Tables of scores per target and per class; the heading of a column of scores.
// Not here: single scores as text (run/score_text.h), the lines around them (result_block.h, tune_text.h,
// comparison_text.h).
#pragma once

#include <string>
#include <vector>

#include "pellucid/run_result.h"
#include "run/score_text.h"

namespace pellucid::app {

const char* score_head(ScoreKind kind);  ///< heading of validation scores: "val acc", "val RMSE" or "val R²"
/// One line per target below a heading of metrics, with the names that --fail-under takes; with `baselines` also the
/// score of the constant prediction. Shows at most `most` targets and the number of the others. If the lines are wider
/// than `width`, the least informative columns are omitted.
std::vector<std::string> target_table(const Evaluation& evaluation, const Baselines* baselines, std::size_t most,
                                      int width);

/// Precision, recall and F1 per class of each target, one line per class.
std::vector<std::string> target_classes_table(const Evaluation& evaluation);

}  // namespace pellucid::app
