// Training by mini-batches: order, step, clipping by norm, and what to say when the loss is no longer finite.
// Not here: epochs and stopping (fit.cc).
#include <fmt/format.h>

#include <cmath>

#include "core/float_env.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "train/fit.h"

namespace pellucid {

template <class T>
BatchRun<T>::BatchRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                      const BasicFitOptions<T>& options)
    : FitRun<T>(model, train, validation, options),
      batches_(this->train_, this->options_.batch_size, this->options_.shuffle, this->options_.seed),
      plan_(model, plan_options()),
      workspace_(plan_, model, &this->team_),
      feeder_(batches_, workspace_, true, &this->team_),
      updater_(model, this->options_) {
  updater_.attach(workspace_);
}

template <class T>
PlanOptions BatchRun<T>::plan_options() const {
  const BasicFitOptions<T>& o = this->options_;
  return {.rows = o.batch_size,
          .loss = this->loss_,
          .keep = o.keep,
          .store_gradients = o.clip_norm > 0,
          .row_block = o.row_block};
}

template <class T>
double BatchRun<T>::current_learning_rate() const {
  const BasicFitOptions<T>& o = this->options_;
  const Progress progress{.step = updater_.steps(),
                          .steps = o.epochs * batches_.count(),
                          .epoch = updater_.steps() / batches_.count(),
                          .plateaus = this->state_.plateaus};
  return o.optimizer.learning_rate() * learning_rate_factor(o.schedule, progress);
}

template <class T>
double BatchRun<T>::train_epoch(std::int64_t epoch) {
  batches_.begin_epoch(static_cast<std::uint32_t>(epoch));
  double sum = 0;
  for (std::int64_t b = 0; b < batches_.count(); ++b) {
    if (this->watch_) this->watch_->before_step(b);
    const double loss = step(workspace_, b);
    if (!std::isfinite(loss)) diverged(loss, epoch, b);
    if (this->watch_) this->watch_->after_step(workspace_, batches_.positions(b));
    sum += this->loss_.reduction() == Reduction::mean ? loss * static_cast<double>(batches_.size(b)) : loss;
    if (!this->options_.observers.empty()) {
      this->each_observer([&](BasicObserver<T>& o) { o.on_step(updater_.steps(), workspace_); });
      this->require_bound();
    }
    if (this->cancelled() && b + 1 < batches_.count()) {
      this->stop_ = "cancelled";
      break;
    }
  }
  return this->loss_.reduction() == Reduction::mean ? sum / static_cast<double>(batches_.rows()) : sum;
}

// One step; the weights stay as they are where the loss is not finite.
template <class T>
double BatchRun<T>::step(Workspace<T>& workspace, std::int64_t batch, Worst* worst) {
  const FloatEnvironment<T> environment;  // of all that follows, so that it is set once
  const std::int64_t rows = feeder_.load(batch, workspace);
  const double loss =
      workspace.forward_loss(rows, {.seed = this->options_.seed, .step = static_cast<std::uint32_t>(updater_.steps())});
  if (!std::isfinite(loss)) return loss;
  updater_.prepare(workspace, current_learning_rate());
  workspace.backward();
  if (worst != nullptr) find_worst(workspace, *worst);
  if (this->options_.clip_norm > 0) clip_by_norm(workspace);
  workspace.apply_updates();
  return loss;
}

template <class T>
void BatchRun<T>::clip_by_norm(Workspace<T>& workspace) {
  const double norm = std::sqrt(workspace.gradient_square_norm());
  if (norm > this->options_.clip_norm) workspace.scale_gradients(static_cast<T>(this->options_.clip_norm / norm));
}

template <class T>
void BatchRun<T>::load_optimizer(const FitState<T>& state) {
  for (std::size_t p = 0; p < updater_.states().size(); ++p) {
    auto& slots = updater_.states()[p].slots;
    if (state.optimizer[p].slots.size() != slots.size())
      throw Error("D21", "the checkpoint is damaged: it lacks the optimizer's memory");
    for (std::size_t s = 0; s < slots.size(); ++s)
      std::ranges::copy(state.optimizer[p].slots[s].values(), slots[s].data());
  }
  updater_.set_steps(state.steps);
}

template <class T>
void BatchRun<T>::save_optimizer(FitState<T>& state) const {
  state.optimizer = updater_.states();
  state.steps = updater_.steps();
}

// The largest gradient component so far; one that is not finite beats all.
template <class T>
void BatchRun<T>::find_worst(const Workspace<T>& workspace, Worst& worst) const {
  for (std::size_t p = 0; p < this->model_.parameters().size(); ++p) {
    const View<T> g = workspace.gradient(p);
    for (std::int64_t i = 0; g && i < g.rows * g.columns; ++i) {
      const double size = std::abs(static_cast<double>(g.data[i]));
      if (!std::isfinite(worst.size) || size <= worst.size) continue;
      worst = {size, this->model_.parameters()[p].name};
    }
  }
}

// Replays the epoch from its start with every gradient stored (the same bits), to name the layer that ran away.
template <class T>
void BatchRun<T>::diverged(double loss, std::int64_t epoch, std::int64_t batch) {
  restore_snapshot(this->model_, this->state_.parameters);
  load_optimizer(this->state_);
  PlanOptions options = plan_options();
  options.store_gradients = true;
  const Plan<T> plan(this->model_, options);
  Workspace<T> replay(plan, this->model_, &this->team_);
  updater_.attach(replay);
  Worst worst;
  for (std::int64_t b = 0; b < batch; ++b) step(replay, b, &worst);
  std::vector<std::string> details;
  if (!worst.where.empty()) {
    details.push_back(fmt::format("largest gradient was in {} ({:.1e}), lr is {}", worst.where, worst.size,
                                  number_text(current_learning_rate())));
  }
  throw Error("N01",
              fmt::format("loss became {} in epoch {}, step {} of {}", std::isnan(loss) ? "NaN" : "infinite", epoch,
                          count_text(batch + 1), count_text(batches_.count())),
              details);
}

template class BatchRun<float>;
template class BatchRun<double>;

}  // namespace pellucid
