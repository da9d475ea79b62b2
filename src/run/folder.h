// Writing the files of a run after training: the model, tables, the report and its page.
// Not here: creating the folder, and files that are written during training (run_log.h).
#pragma once

#include "pellucid/run.h"
#include "run/run_log.h"

namespace pellucid {

inline constexpr const char* model_file_name = "model.safetensors";
inline constexpr const char* small_file_name = "small.safetensors";  ///< of the setting distill
inline constexpr const char* page_file_name = "report.html";

/// Writes config.toml: every setting with its origin, and at the top the command that repeats the run.
void write_config(const RunLog& log, Run& run, const FolderOptions& options);
/// Saves the model, and stores its SHA-256 in the result if FolderOptions::sha256 is set.
void write_model(const RunLog& log, Run& run, const FolderOptions& options);
/// Writes all other files. report.json is written last: once it exists, the folder is complete.
void write_results(const RunLog& log, Run& run, const FolderOptions& options);

}  // namespace pellucid
