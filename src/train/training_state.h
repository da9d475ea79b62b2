// The state of a training at the end of an epoch: everything needed to continue with the same bits.
// Not here: the file format (checkpoint.cc).
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
  std::string kind = "training";  ///< what wrote the state: "training" or "stepper"
  std::int64_t epochs_done = 0;
  std::int64_t steps = 0;         ///< optimizer steps done
  std::int64_t plateaus = 0;      ///< number of falls of the plateau schedule
  std::int64_t since_better = 0;  ///< epochs since validation improved or the rate fell, for the plateau schedule
  std::int64_t since_best = 0;    ///< epochs since validation improved, for early stopping
  double best_loss = std::numeric_limits<double>::infinity();
  Snapshot<T> parameters;
  Snapshot<T> best;  ///< weights of the best epoch; empty: none yet
  std::vector<ParameterState<T>> optimizer;
  std::vector<std::vector<double>> search;  ///< for L-BFGS: LbfgsSearch::state()
  std::string exhausted;                    ///< why the optimizer itself ended the training; "": it did not
  std::optional<double> learning_rate{};    ///< set if set_learning_rate() replaced the optimizer's rate
  History history;
  std::optional<HealthMemory> health{};  ///< only when read; writing takes it from the HealthWatch
};

/// `health` may be null.
template <class T>
std::string write_checkpoint(const TrainingState<T>& state, const Json& fingerprint, const std::string& note,
                             const HealthMemory* health);

/// Throws D21 if the bytes are damaged or of another kind, and throws like require_same (fingerprint.h) if they belong
/// to another training.
template <class T>
TrainingState<T> read_checkpoint(const std::string& bytes, const BasicModel<T>& model, const Json& fingerprint,
                                 const std::string& kind = "training");

template <class T>
Snapshot<T> take_snapshot(const BasicModel<T>& model) {
  Snapshot<T> values;
  for (const Parameter<T>& parameter : model.parameters()) values.push_back(parameter.value);
  return values;
}

/// Copies values into the parameters without moving their memory, to which workspaces are bound.
template <class T>
void restore_snapshot(BasicModel<T>& model, const Snapshot<T>& values) {
  for (std::size_t p = 0; p < values.size(); ++p) {
    std::ranges::copy(values[p].values(), model.parameters()[p].value.data());
  }
}

}  // namespace pellucid
