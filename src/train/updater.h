// Updater: the optimizer's state for every parameter, and the constants each step hands to the kernels.
// Not here: the update itself (kernels, by the plan's sinks), schedules (optimizers/schedule.cc).
#pragma once

#include <vector>

#include "model/workspace.h"
#include "pellucid/optimizer.h"
#include "pellucid/trainer.h"

namespace pellucid {

template <class T>
class Updater {
 public:
  Updater(const BasicModel<T>& model, const BasicFitOptions<T>& options);

  /// Ties the workspace's sinks to the state.
  void attach(Workspace<T>& workspace) {
    workspace.set_rule(rule_, states_);
    rate_ = -1;
  }
  /// Sets the constants of the next step at this learning rate.
  void prepare(Workspace<T>& workspace, double learning_rate);

  std::int64_t steps() const noexcept { return steps_; }
  void set_steps(std::int64_t steps) noexcept { steps_ = steps; }
  std::vector<ParameterState<T>>& states() noexcept { return states_; }
  const std::vector<ParameterState<T>>& states() const noexcept { return states_; }

 private:
  struct What {
    bool decays;
    double learning_rate_factor;
  };
  const BasicFitOptions<T>& options_;
  int rule_;
  double rate_ = -1;  // the constants that the workspace holds are those of this learning rate
  std::int64_t steps_ = 0;
  std::vector<What> parameters_;
  std::vector<ParameterState<T>> states_;
};

extern template class Updater<float>;
extern template class Updater<double>;

}  // namespace pellucid
