// Reading what runs left behind, also runs of other versions. Not here: writing it (run_log.h, run_json.h).
#pragma once

#include <string>

#include "core/settings.h"

namespace pellucid {

/// The newest version of report.json that this program reads ("v"). A run of one target is written as version 1, one of
/// several as 2.
constexpr std::int64_t report_version = 2;

/// report.json of a run's folder. Throws D10 (none there), D16 (no JSON object), D40 (of a newer version, or of another
/// program).
Json read_report(const std::string& run);

/// A JSON object in a file. Throws D10, D16.
Json read_object(const std::string& file);

/// A field, where it is there and of that sort; else NaN or "".
double number_in(const Json& object, const char* name);
std::string text_in(const Json& object, const char* name);

}  // namespace pellucid
