// The output of `tune`: one line per training, and the result. Not here: the search (pellucid/tune.h).
#pragma once

#include <string>
#include <vector>

#include "app/cli/reporter.h"
#include "core/settings.h"
#include "pellucid/tune.h"

namespace pellucid::app {

/// One line of trials.jsonl with the members trial, epochs, seed, hidden, lr, dropout, decay, val_accuracy (or
/// val_rmse, val_r2), val_loss, best_epoch and command. The scores are null if the training diverged.
Json trial_json(const TrialResult& result, std::int64_t seed, ScoreKind kind, const std::string& command);

/// The result of a search and the files that the program wrote.
struct TuneOutcome {
  const TuneResult& result;
  std::string run;    ///< folder
  std::string model;  ///< path of the winner's model; "" if there is none
};

Json end_json(const TuneOutcome& outcome);
std::vector<Line> end_lines(const TuneOutcome& outcome);

}  // namespace pellucid::app
