// Tables of scores: the one of several targets, and that of their classes; the head of a column of scores.
// Not here: single scores as text (run/score_text.h), what stands around them (result_block.h, tune_text.h,
// comparison_text.h).
#pragma once

#include <string>
#include <vector>

#include "pellucid/run_result.h"
#include "run/score_text.h"

namespace pellucid::app {

const char* score_head(ScoreKind kind);  ///< of a column of validation scores: "val acc", "val RMSE", "val R²"
/// A line a target below a line of metrics, by the names that --fail-under takes; with `baselines` also what the
/// constant answer reaches. At most `most` targets, then how many more there are; of what is wider than `width` the
/// columns that say least are left out.
std::vector<std::string> target_table(const Evaluation& evaluation, const Baselines* baselines, std::size_t most,
                                      int width);

/// Precision, recall and F1 of each target's classes, a line a class.
std::vector<std::string> target_classes_table(const Evaluation& evaluation);

}  // namespace pellucid::app
