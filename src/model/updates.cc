// Updates of a training step: which parameters the optimizer changes, updates from stored gradients, states of layers.
// Not here: summing gradients (pass.cc), the constants of the optimizers (train/updater.cc).
#include <algorithm>
#include <utility>

#include "core/float_env.h"
#include "model/workspace.h"

namespace pellucid {

template <class T>
void Workspace<T>::set_rule(int rule, std::vector<ParameterState<T>>& states) {
  for (std::size_t p = 0; p < sink_of_.size(); ++p) {
    const auto [node, need] = sink_of_[p];
    const Need& what = plan_.nodes()[node].needs[need];
    GradientSink<T>& sink = passes_[node].sinks[need];
    if (!is_learned(what)) {
      sink.mode = sink.gradient ? sink.mode : GradientSink<T>::Mode::none;
      continue;
    }
    sink.update.rule = rule;
    for (std::size_t s = 0; s < states[p].slots.size(); ++s) sink.update.slots[s] = states[p].slots[s].data();
    if (sink.mode == GradientSink<T>::Mode::none) sink.mode = GradientSink<T>::Mode::update;
  }
}

template <class T>
void Workspace<T>::set_step(std::size_t parameter, const UpdateStep<T>& step) {
  const auto [node, need] = sink_of_[parameter];
  passes_[node].sinks[need].update.step = step;
}

template <class T>
void Workspace<T>::apply_updates() {
  const FloatEnvironment<T> environment;
  for (std::size_t p = 0; p < sink_of_.size(); ++p) {
    const auto [node, need] = sink_of_[p];
    GradientSink<T>& sink = passes_[node].sinks[need];
    if (sink.mode != GradientSink<T>::Mode::store || sink.update.rule < 0) continue;
    const std::int64_t n = model_.parameters()[p].value.size();
    kernels<T>().update(sink.update.rule, sink.update.step, n, sink.update.w, sink.gradient, sink.update.slots);
  }
  commit_states();
}

template <class T>
void Workspace<T>::commit_states() {
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    const std::vector<View<T>>& next = passes_[i].new_states;
    for (std::size_t k = 0; k < next.size(); ++k) {
      if (next[k]) std::copy_n(next[k].data, next[k].columns, passes_[i].slices[k].data);
    }
  }
}

template <class T>
View<T> Workspace<T>::gradient(std::size_t parameter) const {
  const auto [node, need] = sink_of_[parameter];
  T* gradient = passes_[node].sinks[need].gradient;
  const View<const T> value = model_.parameters()[parameter].value.view();
  return gradient ? View<T>{gradient, value.rows, value.columns, value.stride} : View<T>{};
}

template <class T>
void Workspace<T>::scale_gradients(T factor) {
  const FloatEnvironment<T> environment;
  for (std::size_t p = 0; p < sink_of_.size(); ++p) {
    const auto [node, need] = sink_of_[p];
    if (!is_learned(plan_.nodes()[node].needs[need])) continue;
    if (const View<T> g = gradient(p)) kernels<T>().scale(g.rows * g.columns, factor, g.data);
  }
}

template <class T>
double Workspace<T>::gradient_square_norm() const {
  const FloatEnvironment<T> environment;
  double total = 0;
  for (std::size_t p = 0; p < sink_of_.size(); ++p) {
    const auto [node, need] = sink_of_[p];
    if (!is_learned(plan_.nodes()[node].needs[need])) continue;
    if (const View<T> g = gradient(p))
      total += static_cast<double>(kernels<T>().sum_squares(g.rows * g.columns, g.data));
  }
  return total;
}

#define PELLUCID_UPDATES(T)                                                   \
  template void Workspace<T>::set_rule(int, std::vector<ParameterState<T>>&); \
  template void Workspace<T>::set_step(std::size_t, const UpdateStep<T>&);    \
  template void Workspace<T>::apply_updates();                                \
  template void Workspace<T>::commit_states();                                \
  template View<T> Workspace<T>::gradient(std::size_t) const;                 \
  template void Workspace<T>::scale_gradients(T);                             \
  template double Workspace<T>::gradient_square_norm() const;
PELLUCID_UPDATES(float)
PELLUCID_UPDATES(double)
#undef PELLUCID_UPDATES

}  // namespace pellucid
