// What a run writes once it is trained: the model, tables, the report and its page.
// Not here: making the folder, and what grows while training goes on (run_log.h).
#pragma once

#include "pellucid/run.h"
#include "run/run_log.h"

namespace pellucid {

inline constexpr const char* model_file_name = "model.safetensors";
inline constexpr const char* page_file_name = "report.html";

/// config.toml: every setting with its origin, below the command that repeats the run.
void write_config(const RunLog& log, Run& run, const FolderOptions& options);
/// Saves the model and notes its SHA-256, where the options can compute it.
void write_model(const RunLog& log, Run& run, const FolderOptions& options);
/// Everything else, report.json last: with it the folder is complete.
void write_results(const RunLog& log, Run& run, const FolderOptions& options);

}  // namespace pellucid
