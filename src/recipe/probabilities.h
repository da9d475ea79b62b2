// What becomes of a classifier's probabilities after training: how sure they are, and from which one on the second of
// two classes is said. Not here: the temperature and the threshold themselves (pellucid/temperature.h, metric.h).
#pragma once

#include <optional>

#include "pellucid/model.h"
#include "pellucid/recipe.h"

namespace pellucid {

/// Throws U06 where a threshold has no two classes, or what is asked for has no validation rows to go by.
void check_probabilities(const Recipe& settings, const Split& split);
/// Whether the trained model's probabilities shall be calibrated, if it takes a temperature: --calibrate.
bool wants_temperature(const Model& model, const Recipe& settings);
/// After training, before anything is judged: --calibrate, then --threshold. Returns the temperature, if there is one.
std::optional<double> settle_probabilities(Model& model, const Recipe& settings, const Split& split);

}  // namespace pellucid
