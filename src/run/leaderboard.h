// The leaderboard of a run: what it compares on its test rows.
// Not here: its lines in the terminal (app/text/score_text.h), the predictors themselves (baselines.h,
// distill.h).
#pragma once

#include "core/settings.h"
#include "pellucid/run.h"

namespace pellucid {

/// Adds an entry with the score of the evaluation, and with the metric by which the run is judged.
void add_to_leaderboard(Run& run, const char* name, const Evaluation& evaluation, double seconds,
                        double microseconds_per_row);

/// Where the run's model averages several members, the best single one of them; then the model.
void add_models(Run& run, const Model* best_member);

/// For report.json: [{name, test_accuracy|test_rmse|test_r2, interval_low, interval_high, seconds}], with the metric by
/// which the run is judged test_NAME, metric_low and metric_high; microseconds_per_row where it was measured.
Json leaderboard_json(const RunResult& result);

}  // namespace pellucid
