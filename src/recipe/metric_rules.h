// What the setting `metric` decides: loss, label smoothing and the best epoch. Not here: the metrics
// (pellucid/metric.h).
#pragma once

#include <string>

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"

namespace pellucid {

/// The name that the metric has in metric_kinds(); "" for "auto".
std::string metric_name(const Recipe& recipe);

/// Throws U06 for a metric that these targets do not have: of classes for numbers or the reverse, and for several
/// targets one that is in the unit of a target.
void check_metric(const Recipe& recipe, const Preprocessor& preprocessor);

/// The recipe, whose preset is applied, with what the metric decides wherever nobody has set it; the origin becomes
/// "metric NAME".
Recipe with_metric(Recipe recipe);

}  // namespace pellucid
