// Going on with a run: what it must have in common with the run that was interrupted, in settings and in words.
// Not here: the columns (table_note.h), the state of a training and its own checks (check_fit in trainer.h).
#pragma once

#include <string>

#include "core/settings.h"
#include "pellucid/run.h"

namespace pellucid {

/// The settings that a continuation must share with its beginning, as text. Settings that touch no weight are not among
/// them; neither are those that check_fit compares by itself (epochs, patience).
Json note_of_settings(Recipe recipe);

/// What `inspect` shows of a run that has not ended: members of report.json, by the same names.
Json outline_json(const RunResult& result);

/// The command that trains such a run, with its data.
std::string command_to_train(const FolderOptions& options, const Recipe& recipe);
/// The command that goes on with the run in `folder`: command_to_train() and a hint of the setting `resume`.
std::string command_to_resume(const FolderOptions& options, const Recipe& recipe, const std::string& folder);

/// Compares the run in `folder` with `run`, which is ready to train: run.fit_options hold the checkpoint and the note
/// of what is asked for now. Changes nothing. Throws U31 naming each setting that differs, both values and the origin
/// of the new one; D42 naming the columns, classes and rows that differ; D21 where the checkpoint is damaged.
ResumedRun check_resumed(const std::string& folder, const Run& run, const RunOptions& options);

}  // namespace pellucid
