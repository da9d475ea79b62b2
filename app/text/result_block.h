// The lines about a result: score with its interval, baselines, next command.
// Not here: how it is shown (reporter.h), JSON (run/run_json.h).
#pragma once

#include <string>
#include <vector>

#include "app/cli/reporter.h"
#include "pellucid/run_result.h"

namespace pellucid::app {

/// "97.4% correct (262 of 269) · 95% interval 94.7-98.7% · loss 0.081", or RMSE, MAE and R² for numbers. With several
/// targets: the share of correct predictions, or the mean R².
std::string score_line(const Evaluation& evaluation, const Interval& interval);

/// "90% intervals contain the true value of 91.2% of the rows · mean width 95,120"; one line per target.
/// With sets for classes: "90% sets contain the true class of 91.2% of the rows · 1.2 classes on average".
std::vector<std::string> coverage_lines(const Evaluation& evaluation, const std::vector<IntervalCoverage>& intervals);

/// The lines metric (if one was asked for), test, intervals (of numbers), targets (if there are several), threshold,
/// compare, confident, columns, run and mean, report, next.
std::vector<Line> result_lines(const RunResult& result, int width);

}  // namespace pellucid::app
