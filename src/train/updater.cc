// The optimizer's state and constants, clipping by norm, and the order of a training step.
// Not here: the update formulas (optimizers/*-inl.h).
#include "train/updater.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/float_env.h"
#include "optimizers/rule.h"
#include "pellucid/error.h"

namespace pellucid {

template <class T>
Updater<T>::Updater(const BasicModel<T>& model, UpdateOptions options)
    : options_(std::move(options)), rule_(options_.optimizer.settings().rule()) {
  require_trainable(model);
  const Optimizer::Settings& settings = options_.optimizer.settings();
  for (const Parameter<T>& parameter : model.parameters()) {
    const Need need = model.needs(parameter.node)[static_cast<std::size_t>(parameter.need)];
    const double gain = settings.follows_size() ? need.gain * need.gain : need.gain;
    const double rate = need.learning_rate_factor * gain;
    const double grouped = need.decays_in_groups ? need.learning_rate_factor * need.learning_rate_factor : 0;
    parameters_.push_back({need.decays, rate, settings.decays_by_groups() ? grouped : need.decays ? rate : 0});
    ParameterState<T> state;
    for (int s = 0; s < settings.slots(); ++s) state.slots.emplace_back(parameter.value.shape());
    states_.push_back(std::move(state));
  }
}

template <class T>
double Updater<T>::step(Workspace<T>& workspace, std::int64_t rows, const StepRates& rates) {
  const FloatEnvironment<T> environment;  // set once for the whole step
  const double loss = workspace.forward_loss(rows, key(rates.dropout));
  if (!std::isfinite(loss)) return loss;
  prepare(workspace, rates);
  workspace.backward();
  apply(workspace);
  return loss;
}

template <class T>
void Updater<T>::prepare(Workspace<T>& workspace, const StepRates& rates) {
  ++steps_;
  const Optimizer::Settings& settings = options_.optimizer.settings();
  // An optimizer that decays weights counts steps.
  if (std::exchange(rate_, rates.learning_rate) == rates.learning_rate && !settings.counts_steps()) return;
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    const Settings& parameter = parameters_[p];
    const double rate = rates.learning_rate * parameter.learning_rate_factor;
    const double decay = rates.learning_rate * parameter.decay_factor * rates.decay;
    UpdateStep<T> step;
    const auto constants = settings.constants(steps_, rate, decay);
    for (std::size_t i = 0; i < constants.size(); ++i) step.constant[i] = static_cast<T>(constants[i]);
    step.clip = static_cast<T>(options_.clip_value);
    step.l2 = static_cast<T>(parameter.decays ? options_.l2 : 0);
    step.l1 = static_cast<T>(parameter.decays ? options_.l1 * rate : 0);
    workspace.set_step(p, step);
  }
}

template <class T>
void Updater<T>::apply(Workspace<T>& workspace) {
  const FloatEnvironment<T> environment;
  if (options_.clip_norm > 0) {
    const double norm = std::sqrt(workspace.gradient_square_norm());
    if (norm > options_.clip_norm) workspace.scale_gradients(static_cast<T>(options_.clip_norm / norm));
  }
  workspace.apply_updates();
}

template <class T>
void Updater<T>::restore(const std::vector<ParameterState<T>>& states, std::int64_t steps) {
  const auto fits = [](const ParameterState<T>& a, const ParameterState<T>& b) {
    return a.slots.size() == b.slots.size();
  };
  if (!std::ranges::equal(states, states_, fits))
    throw Error("D21", "the checkpoint is damaged: it lacks the optimizer's state");
  for (std::size_t p = 0; p < states_.size(); ++p) {
    for (std::size_t s = 0; s < states_[p].slots.size(); ++s)
      std::ranges::copy(states[p].slots[s].values(), states_[p].slots[s].data());
  }
  steps_ = steps;
}

template class Updater<float>;
template class Updater<double>;

}  // namespace pellucid
