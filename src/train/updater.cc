// State tensors and step constants. Not here: the rules' formulas.
#include "train/updater.h"

#include <utility>

#include "optimizers/rule.h"

namespace pellucid {

template <class T>
Updater<T>::Updater(const BasicModel<T>& model, const BasicFitOptions<T>& options)
    : options_(options), rule_(options.optimizer.settings().rule()) {
  require_trainable(model);
  for (const Parameter<T>& parameter : model.parameters()) {
    const Need need = model.needs(parameter.node)[static_cast<std::size_t>(parameter.need)];
    const double gain = options.optimizer.settings().follows_size() ? need.gain * need.gain : need.gain;
    parameters_.push_back({need.decays, need.learning_rate_factor * gain});
    ParameterState<T> state;
    for (int s = 0; s < options.optimizer.settings().slots(); ++s) state.slots.emplace_back(parameter.value.shape());
    states_.push_back(std::move(state));
  }
}

template <class T>
void Updater<T>::prepare(Workspace<T>& workspace, double learning_rate) {
  ++steps_;
  const Optimizer::Settings& settings = options_.optimizer.settings();
  if (std::exchange(rate_, learning_rate) == learning_rate && !settings.counts_steps()) return;
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    const What& what = parameters_[p];
    const double rate = learning_rate * what.learning_rate_factor;
    UpdateStep<T> step;
    const auto constants = settings.constants(steps_, rate, what.decays);
    for (std::size_t i = 0; i < constants.size(); ++i) step.constant[i] = static_cast<T>(constants[i]);
    step.clip = static_cast<T>(options_.clip_value);
    step.l2 = static_cast<T>(what.decays ? options_.l2 : 0);
    step.l1 = static_cast<T>(what.decays ? options_.l1 * rate : 0);
    workspace.set_step(p, step);
  }
}

template class Updater<float>;
template class Updater<double>;

}  // namespace pellucid
