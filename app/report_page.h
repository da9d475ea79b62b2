// A run's folder as one page. Not here: the page itself (web/), filling it (report/page.h).
#pragma once

#include <string>

namespace pellucid::app {

/// Writes `file` from report.json and examples.json of the run's folder. Throws D10 (no report.json there), D16, D30,
/// M01, M03.
void write_report_page(const std::string& run, const std::string& file);

}  // namespace pellucid::app
