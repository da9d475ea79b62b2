// The lines that train shows before the first epoch: data, split, layers and the settings of the training.
// Not here: the epochs (progress.h), the result (result_block.h).
#pragma once

#include "app/cli/reporter.h"
#include "pellucid/recipe.h"
#include "pellucid/run_result.h"
#include "pellucid/trainer.h"

namespace pellucid::app {

/// The data, the target, the split, the scaling and the treatment of missing values; without findings.
std::vector<Line> data_lines(const RunResult& result, int width);
/// "adam · lr 0.001 · batch size 16 (auto: 105 training rows) · …", broken into lines of at most `width` characters.
std::vector<std::string> training_lines(const Recipe& recipe, const FitOptions& options, std::int64_t train_rows,
                                        int width);

/// "3 numeric and 2 text columns", "28x28 pixels"
std::string columns_text(const Preprocessor& preprocessor);

}  // namespace pellucid::app
