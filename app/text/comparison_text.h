// A comparison of runs as a table and sentences, and as JSON. Not here: comparing (run/run_comparison.h).
#pragma once

#include <string>

#include "run/run_comparison.h"

namespace pellucid::app {

std::string comparison_text(const Comparison& comparison, int width);
Json comparison_json(const Comparison& comparison);

}  // namespace pellucid::app
