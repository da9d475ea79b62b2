// A run's folder as one page. Not here: the page itself (web/), filling it (run/page/page.h).
#pragma once

#include <string>

#include "core/settings.h"

namespace pellucid::app {

/// Writes `file` from report.json and examples.json of the run's folder. Throws D10 (no report.json there), D16, D30,
/// M01, M03.
void write_report_page(const std::string& run, const std::string& file);
/// The same with a report that is not in the folder yet.
void write_report_page(const Json& report, const std::string& run, const std::string& file);

}  // namespace pellucid::app
