// What `tune` writes and says: a line a training, the end. Not here: the search (tune_search.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/reporter.h"
#include "core/settings.h"
#include "recipe/tune_search.h"

namespace pellucid::app {

/// trial epochs seed hidden lr dropout decay val_accuracy|val_rmse|val_r2 val_loss best_epoch command; the scores are
/// null where the training diverged.
Json trial_json(const TrialResult& result, std::int64_t seed, ScoreKind kind, const std::string& command);

struct TuneOutcome {
  std::string run;    ///< folder
  std::string model;  ///< "" where there is none
  TrialResult standard, winner;
  std::int64_t trainings = 0;
  std::optional<TuneGain> gain;  ///< nothing: the default won, there are no test rows, or a training diverged
  bool tested = false;           ///< there are test rows
  ScoreKind kind = ScoreKind::rmse;
  std::uint64_t seed = 0;
  double seconds = 0;
};

Json end_json(const TuneOutcome& outcome);
std::vector<Line> end_lines(const TuneOutcome& outcome);

}  // namespace pellucid::app
