// Trains as the settings of the command line say, and shows it: what `train`, `demo` and the end of `tune` share.
// Not here: the course of a training (pellucid/run.h), its words (run_printer.h).
#pragma once

#include <string>

#include "app/cli/terminal.h"
#include "pellucid/run.h"

namespace pellucid::app {

struct TrainRequest {
  Recipe recipe;
  std::string verb;  ///< how to start such a run: "pellucid train", "pellucid demo iris"
  bool force = false, dry_run = false;
  bool silent = false;  ///< nothing is shown; the run's files are written as always
};

/// Returns the exit status: 0, or 130/143 where a signal ended the training. Throws as train().
int run_training(Terminal& terminal, TrainTable data, TrainRequest request);

}  // namespace pellucid::app
