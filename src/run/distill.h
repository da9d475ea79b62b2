// Distillation: a small net that learns what the run's model predicts (setting distill).
// Not here: soft targets in a loss (dataset.h), the rows that are made up for it (made_up_rows.h).
#pragma once

#include <atomic>
#include <optional>

#include "pellucid/run.h"

namespace pellucid {

/// Trains the small net of a run whose model is trained and judged, and the same net without the model's help, and
/// judges both on the test rows, if there are any: fills run.small and run.distilled. Both stay empty if the training
/// was cancelled or diverged; then the error (N01) is returned.
std::optional<Error> distill(Run& run, const std::atomic<bool>* cancel);

}  // namespace pellucid
