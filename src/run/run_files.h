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

/// report.json of a run's folder. Throws D10 (none there; where the run was interrupted, with the way to go on), D16
/// (no JSON object), D40 (of a newer version, or of another program).
Json read_report(const std::string& run);

/// Of a run that has a checkpoint and no report: what report.json would say of it so far, with the members "status"
/// ("interrupted", or "training" while another process trains in its folder) and "again", the command that goes on with
/// it. Nothing where there is no checkpoint. Throws D21.
std::optional<Json> read_unfinished(const std::string& run);

/// The file of a model: `path` itself, or RUN/model.safetensors where it is the folder of a run. Throws D10 where the
/// run has none yet.
std::string model_path(const std::string& path);

/// A JSON object in a file. Throws D10, D16.
Json read_object(const std::string& file);

/// Calls something that reads members of a run's report; throws D40 where one is of another kind than it must be.
template <class Read>
auto reading_report(const std::string& run, const Read& read) {
  try {
    return read();
  } catch (const Json::exception&) {
    throw Error("D40", run + "/report.json is not as pellucid writes it: one of its members is of another kind");
  }
}

/// A field, where it is there and of that sort; else NaN or "".
double number_in(const Json& object, const char* name);
std::string text_in(const Json& object, const char* name);

}  // namespace pellucid
