// One call of `pellucid train`: from a table and settings to a run's folder and its result.
// Not here: the sentences (preamble.h, result_block.h), the objects (recipe/build.h).
#pragma once

#include <string>

#include "app/cli/setting_sources.h"
#include "app/cli/terminal.h"
#include "recipe/data.h"

namespace pellucid::app {

struct TrainRequest {
  Recipe recipe;
  std::string verb;  ///< how to start one like it: "pellucid train", "pellucid demo iris"
  bool force = false, dry_run = false;
  std::string command() const;  ///< the verb and its data, ready for a shell
  bool silent = false;          ///< nothing is told; the run's files are all there is of it
};

/// `data` is let go once the datasets are made of it, unless further splits are to come. Exit status 0, or 130/143
/// where it was interrupted. Throws as fit().
int run_training(Terminal& terminal, TrainTable data, TrainRequest request);

}  // namespace pellucid::app
