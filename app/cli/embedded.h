// Files that are embedded in the program: the HTML page of a run.
// Not here: making it (web/), filling it with a run (run/page/page.h).
#pragma once

#include <string_view>

namespace pellucid::app {

extern const std::string_view embedded_report;  ///< web/dist/report.html

}  // namespace pellucid::app
