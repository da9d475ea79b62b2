// report.html: the page from web/dist filled with the data of a run. Not here: what the page shows (web/src).
#pragma once

#include <string>
#include <string_view>

#include "core/settings.h"

namespace pellucid {

/// The page, with the mark @PELLUCID_RUN@ replaced by {"report": …, "examples": …}; every "<" in the JSON is escaped.
std::string fill_page(std::string_view page, const Json& report, const Json& examples);

/// Writes the page to `file`, filled with this report and with examples.json of the folder, if there is one. Throws
/// D16, M01, M03.
void write_page(std::string_view page, const Json& report, const std::string& folder, const std::string& file);

}  // namespace pellucid
