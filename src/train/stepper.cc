// Stepper: the user's calls, and checks of their order.
// Not here: batches and gradients (step_core.cc), the training step itself (updater.cc), epochs (training_run.cc).
#include "pellucid/stepper.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/text.h"
#include "pellucid/error.h"
#include "train/defaults.h"
#include "train/step_core.h"
#include "train/training_state.h"

namespace pellucid {

template <class T>
struct BasicStepper<T>::Impl : StepCore<T> {
  using StepCore<T>::StepCore;
};

template <class T>
BasicStepper<T>::BasicStepper(BasicModel<T>& model, std::int64_t rows, const StepOptions& options)
    : impl_(std::make_unique<Impl>(model, rows, options)) {}
template <class T>
BasicStepper<T>::~BasicStepper() = default;
template <class T>
BasicStepper<T>::BasicStepper(BasicStepper&&) noexcept = default;
template <class T>
BasicStepper<T>& BasicStepper<T>::operator=(BasicStepper&&) noexcept = default;

template <class T>
double BasicStepper<T>::step(View<const T> x, View<const T> targets, std::span<const T> weights) {
  return impl_->step(x, targets, weights);
}
template <class T>
double BasicStepper<T>::step(View<const T> x, std::span<const std::int32_t> labels, std::span<const T> weights) {
  return impl_->step(x, labels, weights);
}
template <class T>
double BasicStepper<T>::step(const Dataset& data, std::span<const std::int64_t> rows) {
  return impl_->step(data, rows);
}
template <class T>
double BasicStepper<T>::gradients(View<const T> x, View<const T> targets, std::span<const T> weights) {
  return impl_->gradients(x, targets, weights);
}
template <class T>
double BasicStepper<T>::gradients(View<const T> x, std::span<const std::int32_t> labels, std::span<const T> weights) {
  return impl_->gradients(x, labels, weights);
}
template <class T>
double BasicStepper<T>::gradients(const Dataset& data, std::span<const std::int64_t> rows) {
  return impl_->gradients(data, rows);
}

template <class T>
View<const T> BasicStepper<T>::forward(View<const T> x) {
  impl_->require_free(Impl::Waiting::output);
  auto& engine = impl_->open();
  impl_->forwarded = impl_->load_rows(engine, x);
  if (!impl_->accumulates) impl_->gathered = 0;
  engine.workspace.forward(impl_->forwarded, true, impl_->key());
  return engine.workspace.output();
}

template <class T>
void BasicStepper<T>::backward(View<const T> output_gradient) {
  if (impl_->forwarded == 0)
    refuse_order("backward() needs the rows of a forward() before it", "call forward() before each backward()");
  auto& engine = impl_->open();
  const View<T> dy = engine.workspace.output_gradient();
  if (output_gradient.rows != impl_->forwarded || output_gradient.columns != dy.columns || !output_gradient) {
    throw Error("U20", fmt::format("backward() takes {} of {}, as forward() returned, got {} of {}",
                                   plural(impl_->forwarded, "row"), plural(dy.columns, "number"),
                                   plural(output_gradient.rows, "row"), output_gradient.columns));
  }
  impl_->keep_sums(engine);
  for (std::int64_t r = 0; r < output_gradient.rows; ++r) std::copy_n(output_gradient.row(r), dy.columns, dy.row(r));
  engine.workspace.backward();
  if (impl_->gathered > 0) impl_->add_sums(engine, 1, 1);
  impl_->gathered += std::exchange(impl_->forwarded, 0);
  impl_->waiting = Impl::Waiting::output;
}

template <class T>
View<T> BasicStepper<T>::gradient(std::string_view parameter) {
  if (impl_->waiting == Impl::Waiting::nobody)
    refuse_order("there are no gradients that wait for update()", "call gradients() first");
  std::vector<std::string> names;
  const auto& parameters = std::as_const(impl_->model).parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const View<T> gradient = impl_->current->workspace.gradient(p);
    if (parameters[p].name == parameter && gradient) return gradient;
    if (gradient) names.push_back(parameters[p].name);
  }
  const std::string near = closest(parameter, names);
  throw Error("U23", "there is no gradient of a parameter " + quote(std::string(parameter)),
              {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
}

template <class T>
View<const T> BasicStepper<T>::input_gradient() const {
  if (impl_->waiting == Impl::Waiting::nobody)
    refuse_order("there are no gradients that wait for update()", "call gradients() first");
  if (!impl_->current->plan.options().input_gradient) {
    refuse_order("the gradient of the input was not computed",
                 "set StepOptions::input_gradient = true, or use forward() and backward()");
  }
  return impl_->current->workspace.input_gradient();
}

template <class T>
void BasicStepper<T>::update() {
  if (impl_->waiting == Impl::Waiting::nobody)
    refuse_order("there are no gradients that wait for update()", "call gradients() before each update()");
  auto& engine = impl_->use(*impl_->current);
  impl_->updater.prepare(engine.workspace, {impl_->learning_rate()});
  impl_->updater.apply(engine.workspace);
  impl_->waiting = Impl::Waiting::nobody;
  impl_->gathered = impl_->forwarded = 0;
}

template <class T>
void BasicStepper<T>::accumulate(bool on) {
  impl_->accumulates = on;
}
template <class T>
double BasicStepper<T>::learning_rate() const {
  return impl_->learning_rate();
}
template <class T>
void BasicStepper<T>::set_learning_rate(double rate) {
  require_setting(rate >= 0 && std::isfinite(rate), "learning_rate", "≥ 0", rate);
  impl_->rate = rate;
}
template <class T>
std::int64_t BasicStepper<T>::steps() const noexcept {
  return impl_->updater.steps();
}
template <class T>
const Values<T>& BasicStepper<T>::values() const {
  if (impl_->current == nullptr) refuse_order("there are no values before the first step", "call step() first");
  return impl_->current->workspace;
}

template <class T>
std::string BasicStepper<T>::to_bytes() const {
  if (impl_->waiting != Impl::Waiting::nobody)
    refuse_order("gradients wait for update(), and bytes cannot store them", "call update() first");
  TrainingState<T> state;
  state.kind = "stepper";
  state.steps = impl_->updater.steps();
  state.learning_rate = impl_->rate;
  state.parameters = take_snapshot(impl_->model);
  state.optimizer = impl_->updater.states();
  return write_checkpoint(state, impl_->fingerprint(), "", nullptr);
}

template <class T>
void BasicStepper<T>::restore(std::string_view bytes) {
  const TrainingState<T> state = read_checkpoint(std::string(bytes), impl_->model, impl_->fingerprint(), "stepper");
  impl_->updater.restore(state.optimizer, state.steps);
  restore_snapshot(impl_->model, state.parameters);
  impl_->rate = state.learning_rate.value_or(impl_->options.optimizer.learning_rate());
  impl_->waiting = Impl::Waiting::nobody;
  impl_->gathered = impl_->forwarded = 0;
}

template class BasicStepper<float>;
template class BasicStepper<double>;

}  // namespace pellucid
