// Scores in words: the one number a result is judged by, and the table of several targets.
// Not here: what stands around them (result_block.h, tune_text.h, comparison_text.h).
#pragma once

#include <string>
#include <vector>

#include "run/run_result.h"

namespace pellucid::app {

std::string percent(double share);  ///< "97.4%"

/// "97.4%", an RMSE as "21,340", an R² as "0.9613"; `unknown` for NaN.
std::string score_text(ScoreKind kind, double score, const char* unknown = "–");
/// The same with its name where a number would not say what it is: "R² 0.9613".
std::string named_score(ScoreKind kind, double score, const char* unknown = "–");
const char* score_name(ScoreKind kind);  ///< "accuracy", "RMSE", "R²"
const char* score_head(ScoreKind kind);  ///< of a column of validation scores: "val acc", "val RMSE", "val R²"
/// By how much one score differs from another: points of accuracy as "1.2", else as score_text.
std::string difference_text(ScoreKind kind, double difference);

/// A line a target below a line of metrics, by the names that --fail-under takes; with `baselines` also what the
/// constant answer reaches. At most `most` targets, then how many more there are; of what is wider than `width` the
/// columns that say least are left out.
std::vector<std::string> target_table(const Evaluation& evaluation, const Baselines* baselines, std::size_t most,
                                      int width);

/// Precision, recall and F1 of each target's classes, a line a class.
std::vector<std::string> target_classes_table(const Evaluation& evaluation);

}  // namespace pellucid::app
