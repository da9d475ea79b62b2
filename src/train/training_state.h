// The state of a training at the end of an epoch: everything that it needs to continue with the same bits.
// Not here: how it is written (checkpoint.cc).
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "core/settings.h"
#include "health/health_memory.h"
#include "model/workspace.h"
#include "pellucid/trainer.h"

namespace pellucid {

template <class T>
using Snapshot = std::vector<Tensor<T>>;  ///< values of all parameters, in the model's order

template <class T>
struct TrainingState {
  std::string kind = "training";  ///< or "stepper": what wrote the bytes
  std::int64_t epochs_done = 0;
  std::int64_t steps = 0;         ///< optimizer steps done
  std::int64_t plateaus = 0;      ///< of the plateau schedule
  std::int64_t since_better = 0;  ///< epochs since validation was better (for the schedule)
  std::int64_t since_best = 0;    ///< the same for early stopping
  double best_loss = std::numeric_limits<double>::infinity();
  Snapshot<T> parameters;
  Snapshot<T> best;  ///< empty: none yet
  std::vector<ParameterState<T>> optimizer;
  std::vector<std::vector<double>> search;  ///< of L-BFGS: LbfgsSearch::state()
  std::string exhausted;                    ///< why the optimizer itself ended the training; "": it has not
  std::optional<double> learning_rate{};    ///< where set_learning_rate() has replaced the optimizer's own
  History history;
  std::optional<HealthMemory> health{};  ///< read only: it is written from the watch's own
};

/// `health` may be null.
template <class T>
std::string write_checkpoint(const TrainingState<T>& state, const Json& fingerprint, const std::string& note,
                             const HealthMemory* health);

/// Throws D21 where the bytes are damaged or of another kind, and as require_same (fingerprint.h) where they belong to
/// another training.
template <class T>
TrainingState<T> read_checkpoint(const std::string& bytes, const BasicModel<T>& model, const Json& fingerprint,
                                 const std::string& kind = "training");

template <class T>
Snapshot<T> take_snapshot(const BasicModel<T>& model) {
  Snapshot<T> values;
  for (const Parameter<T>& parameter : model.parameters()) values.push_back(parameter.value);
  return values;
}

/// Copies values back without moving the parameters' memory (workspaces are bound to it).
template <class T>
void restore_snapshot(BasicModel<T>& model, const Snapshot<T>& values) {
  for (std::size_t p = 0; p < values.size(); ++p) {
    std::ranges::copy(values[p].values(), model.parameters()[p].value.data());
  }
}

}  // namespace pellucid
