// Resuming a run: checks that settings and data are those of the interrupted run, and the commands for it.
// Not here: comparing tables (table_note.h), the checks of a training's state (check_fit in trainer.h).
#pragma once

#include <string>

#include "core/settings.h"
#include "pellucid/run.h"

namespace pellucid {

/// The settings that must be the same when a run is resumed, as text. Not included are settings that change no weight,
/// and those that check_fit compares itself (epochs, patience).
Json note_of_settings(Recipe recipe);

/// Facts that `inspect` shows about a run that has not ended: members of report.json with the same names.
Json outline_json(const RunResult& result);

/// The command that trains such a run, including its data.
std::string command_to_train(const FolderOptions& options, const Recipe& recipe);
/// The command that continues the run in `folder`: command_to_train() and a hint of the setting `resume`.
std::string command_to_resume(const FolderOptions& options, const Recipe& recipe, const std::string& folder);

/// Compares the run in `folder` with `run`, which is ready to train; run.fit_options.resume is the checkpoint, and
/// run.fit_options.note describes the settings and data requested now. Changes nothing. Throws U31 (the message names
/// each setting that differs, both values and the origin of the new one), D42 (names the columns, classes and rows that
/// differ), D21 if the checkpoint is damaged.
ResumedRun check_resumed(const std::string& folder, const Run& run, const RunOptions& options);

}  // namespace pellucid
