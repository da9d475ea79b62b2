// Observer: what training tells while it goes on, and reading any kept value by name.
// Not here: writing it down (src/report/run_log.h).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/health.h"
#include "pellucid/tensor.h"

namespace pellucid {

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

/// Reads values of the step that just ran. A name is "<layer>.<what>":
///   input · dense1.output · dense1.z · dense1.weight · dense1.weight.gradient · dense1.output.gradient · loss ·
///   loss.rows
/// z and weight gradients exist only when named in FitOptions::keep; so do the input of data that are mostly zeros, and
/// the layers' values in a batch of several row blocks.
/// Views are valid until the callback returns.
template <class T>
class Values {
 public:
  virtual ~Values() = default;
  virtual std::vector<std::string> names() const = 0;
  virtual View<const T> read(std::string_view name) const = 0;  ///< throws U23 with the nearest name
  virtual std::int64_t rows() const = 0;                        ///< of this batch
};

/// Called on the training thread. Override what you need; throwing ends training with that exception.
template <class T>
class BasicObserver {
 public:
  virtual ~BasicObserver() = default;
  virtual void on_start(std::int64_t /*epochs*/, std::int64_t /*steps_per_epoch*/) {}
  virtual void on_step(std::int64_t /*step*/, const Values<T>& /*values*/) {}
  virtual void on_epoch(const EpochRecord& /*record*/) {}
  /// With FitOptions::health, before on_epoch, where the layers were looked at.
  virtual void on_health(const EpochHealth& /*health*/) {}
};
using Observer = BasicObserver<float>;

}  // namespace pellucid
