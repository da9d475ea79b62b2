// report.html: the built page (web/dist) filled with a run. Not here: what the page shows (web/src).
#pragma once

#include <string>
#include <string_view>

#include "core/settings.h"

namespace pellucid {

/// `page` with {"report": …, "examples": …} in place of the mark @PELLUCID_RUN@; every "<" in the JSON is escaped.
std::string fill_page(std::string_view page, const Json& report, const Json& examples);

/// Writes `file`: the page filled with this report and the examples.json of the folder, where there is one. Throws D16,
/// M01, M03.
void write_page(std::string_view page, const Json& report, const std::string& folder, const std::string& file);

}  // namespace pellucid
