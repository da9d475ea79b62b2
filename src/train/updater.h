// Updater: applies gradients as training steps. It holds the optimizer's state per parameter, counts the steps, clips
// gradients, and gives the constants of each step to the kernels. Used by training runs and Stepper.
// Not here: the update formulas (optimizers/*-inl.h), learning rate schedules (optimizers/schedule.cc).
#pragma once

#include <vector>

#include "model/workspace.h"
#include "pellucid/optimizer.h"

namespace pellucid {

/// The settings of an update, with the meaning they have in FitOptions (trainer.h) and StepOptions.
struct UpdateOptions {
  Optimizer optimizer;
  double l1 = 0, l2 = 0;
  double clip_norm = 0, clip_value = 0;
  std::uint64_t seed = 42;  ///< seed of the random numbers of dropout
};

/// What schedules say about one step.
struct StepRates {
  double learning_rate;
  double dropout = 1, decay = 1;  ///< factors on the rate of dropout and on weight decay
};

template <class T>
class Updater {
 public:
  Updater(const BasicModel<T>& model, UpdateOptions options);

  /// Connects the workspace's gradients with the optimizer's state. Call it again to switch between workspaces.
  void attach(Workspace<T>& workspace) {
    workspace.set_rule(rule_, states_);
    rate_ = -1;
  }

  /// One whole training step on the rows in the attached workspace; returns the loss before it. If the loss is not
  /// finite, nothing has changed.
  double step(Workspace<T>& workspace, std::int64_t rows, const StepRates& rates);

  // The steps of step(): forward_loss() with key(), prepare(), backward(), apply().
  /// Determines what dropout does in the next step.
  StepKey key(double dropout_factor = 1) const noexcept {
    return {.seed = options_.seed, .step = static_cast<std::uint32_t>(steps_), .dropout_factor = dropout_factor};
  }
  /// Counts a step and sets its constants for these rates. Must come before Workspace::backward(), which may
  /// already update parameters.
  void prepare(Workspace<T>& workspace, const StepRates& rates);
  /// Clips the stored gradients by their norm, and updates the parameters that backward() did not update.
  void apply(Workspace<T>& workspace);

  const UpdateOptions& options() const noexcept { return options_; }
  std::int64_t steps() const noexcept { return steps_; }
  const std::vector<ParameterState<T>>& states() const noexcept { return states_; }
  /// Continues from a stored state. Throws D21 if it does not fit this optimizer.
  void restore(const std::vector<ParameterState<T>>& states, std::int64_t steps);

 private:
  struct Settings {
    bool decays;
    double learning_rate_factor;
    double decay_factor;  // on the learning rate, for the decay of weights
  };
  UpdateOptions options_;
  int rule_;
  double rate_ = -1;  // learning rate for which the attached workspace has its constants; -1: none
  std::int64_t steps_ = 0;
  std::vector<Settings> parameters_;
  std::vector<ParameterState<T>> states_;
};

extern template class Updater<float>;
extern template class Updater<double>;

}  // namespace pellucid
