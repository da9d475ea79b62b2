// Trains with the settings of the command line and shows the run; shared by `train`, `demo` and the end of `tune`.
// Not here: the run itself (pellucid/run.h), its texts (run_printer.h).
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

/// Returns the exit status: 0, or 130 or 143 if a signal ended the training. Throws the errors of train().
int run_training(Terminal& terminal, TrainTable data, TrainRequest request);

}  // namespace pellucid::app
