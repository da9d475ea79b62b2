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

/// What a run compares on its test rows, by its metric: one line each below a heading, with the interval of the score,
/// the time of the training and that of a prediction. If the lines are wider than `width`, intervals and then costs are
/// omitted.
std::vector<std::string> leaderboard_table(const RunResult& result, int width);

/// The constant prediction of a run; for several targets only "the means" or "the most frequent classes".
std::string constant_text(const RunResult& result);
std::string small_net_name(const Distilled& small);  ///< "small net 32,16"
const char* metric_label(const std::string& name);  ///< of a metric other than the ScoreKinds: "log loss", "ROC AUC" …
std::string metric_number(const std::string& name, double value);

/// Precision, recall and F1 per class of each target, one line per class.
std::vector<std::string> target_classes_table(const Evaluation& evaluation);

}  // namespace pellucid::app
