// Reading the files of runs, also of runs of other versions. Not here: writing them (run_log.h, run_json.h).
#pragma once

#include <optional>
#include <string>

#include "core/settings.h"
#include "pellucid/error.h"

namespace pellucid {

/// The newest version of report.json that this program can read (member "v"). Runs with one target are written as
/// version 1, runs with several as version 2.
constexpr std::int64_t report_version = 2;

/// Reads report.json in the folder of a run. Throws D10 (it does not exist; for an interrupted run the message says how
/// to continue), D16 (not a JSON object), D40 (written by a newer version or another program).
Json read_report(const std::string& run);

/// For a run that has a checkpoint but no report: the members of report.json that are known so far, with "status"
/// ("interrupted", or "training" while another process trains in the folder) and "again", the command that continues
/// the run. Nothing if there is no checkpoint. Throws D21.
std::optional<Json> read_unfinished(const std::string& run);

/// The path of a model file: `path` itself, or path/model.safetensors if `path` is the folder of a run. Throws D10 if
/// the run has no model yet.
std::string model_path(const std::string& path);

/// Reads a file that contains a JSON object. Throws D10, D16.
Json read_object(const std::string& file);

/// Calls `read`, which reads members of a run's report. Throws D40 if a member has the wrong type.
template <class Read>
auto reading_report(const std::string& run, const Read& read) {
  try {
    return read();
  } catch (const Json::exception&) {
    throw Error("D40", run + "/report.json is not as pellucid writes it: one of its members is of another kind");
  }
}

/// The member as a number or as text; NaN or "" if it is missing or has another type.
double number_in(const Json& object, const char* name);
std::string text_in(const Json& object, const char* name);

}  // namespace pellucid
