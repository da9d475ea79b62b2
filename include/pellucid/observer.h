// Observer: callbacks of a training, which can also read values of each step by name.
// Not here: the log of a run (src/run/run_log.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/history.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// Gives access to the values of the training step that has just run. A name is "<layer>.<value>":
///   input · dense1.output · dense1.z · dense1.weight · dense1.weight.gradient · dense1.output.gradient · loss ·
///   loss.rows
/// Some values are available only if FitOptions::keep (StepOptions::keep) names them: z, gradients of parameters, an
/// input that is mostly zeros, and the values of layers in a batch longer than `row_block`. A view is valid until the
/// callback returns.
template <class T>
class Values {
 public:
  virtual ~Values() = default;
  virtual std::vector<std::string> names() const = 0;
  virtual View<const T> read(std::string_view name) const = 0;  ///< throws U23 with the nearest name
  virtual std::int64_t rows() const = 0;                        ///< number of rows in this batch
};

/// All functions are called on the thread that trains. Override those you need. An exception ends the training and is
/// passed on to the caller. An observer may write numbers into the model's parameters, but must not replace their
/// tensors (U24).
template <class T>
class BasicObserver {
 public:
  virtual ~BasicObserver() = default;
  /// Called before the first epoch; by a Trainer, when it is constructed.
  virtual void on_start(std::int64_t /*epochs*/, std::int64_t /*steps_per_epoch*/) {}
  /// Called after each training step. `step` counts from 1 over the whole training.
  virtual void on_step(std::int64_t /*step*/, const Values<T>& /*values*/) {}
  /// Called after each epoch and its validation.
  virtual void on_epoch(const EpochRecord& /*record*/) {}
  /// With FitOptions::health only: called before on_epoch, after the epochs in which the layers were measured.
  virtual void on_health(const EpochHealth& /*health*/) {}
};
using Observer = BasicObserver<float>;

}  // namespace pellucid
