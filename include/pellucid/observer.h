// Observer: what training tells while it goes on, and reading any kept value by name.
// Not here: writing it down (src/run/run_log.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/history.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

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
