// Observer: a training reports to it while it runs, and it can read any kept value by name.
// Not here: the log of a run (src/run/run_log.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/history.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// Reads the values of the step that just ran. A name is "<layer>.<value>":
///   input · dense1.output · dense1.z · dense1.weight · dense1.weight.gradient · dense1.output.gradient · loss ·
///   loss.rows
/// These exist only where FitOptions::keep (StepOptions::keep) names them: z, gradients of parameters, an input that is
/// mostly zeros, and the layers' values in a batch longer than `row_block`.
/// A view is valid until the callback returns.
template <class T>
class Values {
 public:
  virtual ~Values() = default;
  virtual std::vector<std::string> names() const = 0;
  virtual View<const T> read(std::string_view name) const = 0;  ///< throws U23 with the nearest name
  virtual std::int64_t rows() const = 0;                        ///< number of rows in this batch
};

/// All functions are called on the training thread. Override those you need. An exception ends the training and reaches
/// its caller. An observer may write numbers into the model's parameters, but not replace their tensors (U24).
template <class T>
class BasicObserver {
 public:
  virtual ~BasicObserver() = default;
  /// Before the first epoch; a Trainer calls it when it is made.
  virtual void on_start(std::int64_t /*epochs*/, std::int64_t /*steps_per_epoch*/) {}
  /// After each training step. `step` counts from 1 over the whole training.
  virtual void on_step(std::int64_t /*step*/, const Values<T>& /*values*/) {}
  /// After each epoch and its validation.
  virtual void on_epoch(const EpochRecord& /*record*/) {}
  /// With FitOptions::health, before on_epoch, after those epochs in which the layers were measured.
  virtual void on_health(const EpochHealth& /*health*/) {}
};
using Observer = BasicObserver<float>;

}  // namespace pellucid
