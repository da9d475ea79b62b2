// --threshold: from which probability on a model of two classes says the second.
// Not here: the best one (pellucid/metric.h).
#pragma once

#include "pellucid/model.h"
#include "train_settings.h"

namespace pellucid::app {

/// Throws U06 where there are not two classes, or auto has no validation rows to choose by.
void check_threshold(const TrainSettings& settings, const Split& split);
/// After training, before anything is judged.
void set_threshold(Model& model, const TrainSettings& settings, const Split& split);

}  // namespace pellucid::app
