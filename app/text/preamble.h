// What train says before it trains: data, split, findings, layers, and how it will train.
// Not here: the epochs (progress.h), the result (result_block.h).
#pragma once

#include "app/cli/reporter.h"
#include "pellucid/recipe.h"
#include "pellucid/run_result.h"
#include "pellucid/trainer.h"

namespace pellucid::app {

/// The data, the target, the split, the scaling and what becomes of missing cells; findings are not among them.
std::vector<Line> data_lines(const RunResult& result, int width);
/// "adam · lr 0.001 · batch 16 (auto: 105 training rows) · …", broken to the width.
std::vector<std::string> training_lines(const Recipe& recipe, const FitOptions& options, std::int64_t train_rows,
                                        int width);

/// "3 numeric, 2 text columns", "28x28 pixels"
std::string columns_text(const Preprocessor& preprocessor);

}  // namespace pellucid::app
