// History: the record of a training, one entry per epoch.
// Not here: the training (trainer.h), reports while it runs (observer.h).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/health.h"

namespace PELLUCID_EXPORT pellucid {

/// One finished epoch. Losses are data losses: without the L1 and L2 terms.
struct EpochRecord {
  std::int64_t epoch = 0;  ///< counts from 1
  /// Mean over the rows, each with the weights of the step that used it (sum for Reduction::sum).
  double train_loss = 0;
  /// Mean over the validation rows, after the epoch's last step; NaN without validation rows.
  double validation_loss = std::numeric_limits<double>::quiet_NaN();
  /// Accuracy, RMSE in the target's unit, or mean R² (ScoreKind, metric.h); NaN without validation rows.
  double validation_score = std::numeric_limits<double>::quiet_NaN();
  double learning_rate = 0;  ///< at the end of the epoch
  double train_seconds = 0;  ///< time of the training steps
  double seconds = 0;        ///< time of the whole epoch, with validation
  bool best = false;         ///< the best epoch so far (FitOptions::best_by)
};

struct History {
  std::vector<EpochRecord> epochs;
  std::int64_t best_epoch = 0;  ///< the epoch whose weights the model has; while training goes on, the best so far
  std::string stopped;  ///< "all epochs done", "no better val loss for 5 epochs", "cancelled", …; "" while it goes on
  double train_seconds = 0, seconds = 0;  ///< sums over the epochs
  std::optional<Health> health{};         ///< with FitOptions::health
};

}  // namespace pellucid
