// Reading what runs left behind, also runs of other versions. Not here: writing it (run_log.h, run_json.h).
#pragma once

#include <optional>
#include <string>

#include "core/settings.h"
#include "pellucid/error.h"

namespace pellucid {

/// The newest version of report.json that this program reads ("v"). A run of one target is written as version 1, one of
/// several as 2.
constexpr std::int64_t report_version = 2;

/// report.json of a run's folder. Throws D10 (there is none; for an interrupted run the message says how to go on), D16
/// (it is not a JSON object), D40 (a newer version or another program wrote it).
Json read_report(const std::string& run);

/// For a run that has a checkpoint and no report: what report.json would say so far, with "status" ("interrupted", or
/// "training" while another process trains in the folder) and "again", the command that goes on with the run. Nothing
/// where there is no checkpoint. Throws D21.
std::optional<Json> read_unfinished(const std::string& run);

/// The file of a model: `path` itself, or RUN/model.safetensors where it is the folder of a run. Throws D10 where the
/// run has none yet.
std::string model_path(const std::string& path);

/// A JSON object in a file. Throws D10, D16.
Json read_object(const std::string& file);

/// Calls a function that reads members of a run's report. Throws D40 where a member has the wrong type.
template <class Read>
auto reading_report(const std::string& run, const Read& read) {
  try {
    return read();
  } catch (const Json::exception&) {
    throw Error("D40", run + "/report.json is not as pellucid writes it: one of its members is of another kind");
  }
}

/// The field as a number or a text; NaN or "" where it is missing or has another type.
double number_in(const Json& object, const char* name);
std::string text_in(const Json& object, const char* name);

}  // namespace pellucid
