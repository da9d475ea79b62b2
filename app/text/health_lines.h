// The health of a training and the findings about it as lines. Not here: what is wrong with it
// (pellucid/health_findings.h).
#pragma once

#include <vector>

#include "app/cli/reporter.h"
#include "pellucid/findings.h"
#include "pellucid/health.h"

namespace pellucid::app {

/// "warn H05  a step moves …"
Line finding_line(const Finding& finding, int width);

/// "OK (figures with -v)", or how many remarks follow. `verbose`: with the figures, "OK: no dead unit · the gradient of
/// the first layer is 0.42 times that of the last · a step moves 0.3% of a weight".
Line health_line(const Health& health, std::size_t remarks, bool verbose, int width);

}  // namespace pellucid::app
