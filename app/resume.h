// Going on with a run: what it must have in common with the run that was interrupted, in settings and words.
// Not here: the columns (run/table_note.h), the state of a training and its own checks (the library's check_fit).
#pragma once

#include <string>
#include <vector>

#include "app/cli/reporter.h"
#include "app/train_run.h"
#include "run/run_result.h"

namespace pellucid::app {

/// The settings that every continuation shares, in force as they are when training begins. A setting that touches no
/// weight is not among them; neither is one that the library checks by itself (epochs, patience).
Json note_of_settings(Recipe settings);

/// What `inspect` shows of a run that has not ended: the members of the same name of report.json.
Json outline_json(const RunResult& result);

/// What there is to say of a run that is to be resumed.
struct ResumedRun {
  std::vector<Line> lines;
  bool is_over = false;  ///< trained and judged as is asked for: nothing is left to do
  Json end;              ///< then: the `end` event of its report
};
/// Reads only. `options` hold the checkpoint and the note of what is asked for now. Throws U31 naming each setting that
/// differs, both values and where the new one comes from, or else D42 naming the columns, classes and rows that do;
/// D21.
ResumedRun check_resumed(const std::string& folder, const FitOptions& options, const Model& model, const Split& split,
                         const TrainRequest& request);

}  // namespace pellucid::app
