// History: what a training leaves behind, epoch by epoch.
// Not here: the training (trainer.h), looking on while it runs (observer.h).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/health.h"

namespace PELLUCID_EXPORT pellucid {

/// One finished epoch. Losses are data losses: the mean over rows without L1 and L2.
struct EpochRecord {
  std::int64_t epoch = 0;  ///< 1 = first
  double train_loss = 0;   ///< mean over the epoch's batches as they were met
  double validation_loss = std::numeric_limits<double>::quiet_NaN();
  /// Accuracy, RMSE in the target's unit, or mean R²: ScoreKind, metric.h.
  double validation_score = std::numeric_limits<double>::quiet_NaN();
  double learning_rate = 0;  ///< at the end of the epoch
  double train_seconds = 0;  ///< the training steps alone
  double seconds = 0;        ///< with validation
  bool best = false;
};

struct History {
  std::vector<EpochRecord> epochs;
  std::int64_t best_epoch = 0;
  std::string stopped;  ///< "all epochs done", "no better val loss for 5 epochs", "cancelled", …
  double train_seconds = 0, seconds = 0;
  std::optional<Health> health{};  ///< with FitOptions::health
};

}  // namespace pellucid
