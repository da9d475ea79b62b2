// What `tune` writes and says: a line a training, the end. Not here: the search (pellucid/tune.h).
#pragma once

#include <string>
#include <vector>

#include "app/cli/reporter.h"
#include "core/settings.h"
#include "pellucid/tune.h"

namespace pellucid::app {

/// trial epochs seed hidden lr dropout decay val_accuracy|val_rmse|val_r2 val_loss best_epoch command; the scores are
/// null where the training diverged.
Json trial_json(const TrialResult& result, std::int64_t seed, ScoreKind kind, const std::string& command);

/// A search with what the program wrote of it.
struct TuneOutcome {
  const TuneResult& result;
  std::string run;    ///< folder
  std::string model;  ///< "" where there is none
};

Json end_json(const TuneOutcome& outcome);
std::vector<Line> end_lines(const TuneOutcome& outcome);

}  // namespace pellucid::app
