// Lines about the health of a training and its findings. Not here: making the findings (pellucid/health_findings.h).
#pragma once

#include <vector>

#include "app/cli/reporter.h"
#include "pellucid/findings.h"
#include "pellucid/health.h"

namespace pellucid::app {

/// A finding as a line: "warn H05  a step of the first epoch changes …".
Line finding_line(const Finding& finding, int width);

/// "OK (figures with -v)", or the number of remarks that follow. `verbose`: with the figures, "OK: no dead unit · the
/// gradient of the first layer is 0.42 times that of the last · a step changes a weight by 0.3 %".
Line health_line(const Health& health, std::size_t remarks, bool verbose, int width);

}  // namespace pellucid::app
