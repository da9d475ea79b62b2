// Updater: turns gradients into training steps. It holds the optimizer's state for every parameter, counts the steps,
// clips, and hands each step's constants to the kernels. A training run and a Stepper both use it.
// Not here: the update formulas (optimizers/*-inl.h), learning rate schedules (optimizers/schedule.cc).
#pragma once

#include <vector>

#include "model/workspace.h"
#include "pellucid/optimizer.h"

namespace pellucid {

/// What FitOptions and StepOptions say about an update (trainer.h).
struct UpdateOptions {
  Optimizer optimizer;
  double l1 = 0, l2 = 0;
  double clip_norm = 0, clip_value = 0;
  std::uint64_t seed = 42;  ///< of dropout
};

template <class T>
class Updater {
 public:
  Updater(const BasicModel<T>& model, UpdateOptions options);

  /// Ties the workspace's sinks to the state. To be called again after another workspace was attached.
  void attach(Workspace<T>& workspace) {
    workspace.set_rule(rule_, states_);
    rate_ = -1;
  }

  /// One whole training step on the rows in the attached workspace. A loss that is not finite is returned, and then
  /// nothing has changed.
  double step(Workspace<T>& workspace, std::int64_t rows, double learning_rate);

  // The parts of step(): forward_loss() with key(), prepare(), backward(), apply().
  /// Decides the dropout of the coming step.
  StepKey key() const noexcept { return {.seed = options_.seed, .step = static_cast<std::uint32_t>(steps_)}; }
  /// Counts a step and sets its constants at this learning rate. Must come before Workspace::backward(), which may
  /// already update.
  void prepare(Workspace<T>& workspace, double learning_rate);
  /// Clips the stored gradients by their norm, and updates the parameters that backward() has not.
  void apply(Workspace<T>& workspace);

  const UpdateOptions& options() const noexcept { return options_; }
  std::int64_t steps() const noexcept { return steps_; }
  const std::vector<ParameterState<T>>& states() const noexcept { return states_; }
  /// Continues from another state. Throws D21 where it does not belong to this optimizer.
  void restore(const std::vector<ParameterState<T>>& states, std::int64_t steps);

 private:
  struct Settings {
    bool decays;
    double learning_rate_factor;
  };
  UpdateOptions options_;
  int rule_;
  double rate_ = -1;  // the learning rate of the constants that the attached workspace holds; -1: it has none
  std::int64_t steps_ = 0;
  std::vector<Settings> parameters_;
  std::vector<ParameterState<T>> states_;
};

extern template class Updater<float>;
extern template class Updater<double>;

}  // namespace pellucid
