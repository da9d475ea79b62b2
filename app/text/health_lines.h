// The health of a training as lines. Not here: what is wrong with it (pellucid/health_findings.h).
#pragma once

#include <vector>

#include "app/cli/reporter.h"
#include "pellucid/findings.h"
#include "pellucid/health.h"

namespace pellucid::app {

/// "warn H05  a step moves …"
Line finding_line(const Finding& finding, int width);

/// One line: "ok · no dead unit · first/last gradient 0.42 · step 0.3% of weights". `found`: whether
/// there are findings, then no "ok".
Line health_line(const Health& health, bool found, int width);

}  // namespace pellucid::app
