// Training on mini-batches: the order of the rows, the learning rate of each step, and the error for a loss that is not
// finite.
// Not here: the training step (updater.cc), epochs and stopping (training_run.cc).
#include <fmt/format.h>

#include <cmath>

#include "core/float_env.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "train/defaults.h"
#include "train/training_run.h"

namespace pellucid {
namespace {

template <class T>
UpdateOptions update_options(const BasicFitOptions<T>& o) {
  return {.optimizer = o.optimizer,
          .l1 = o.l1,
          .l2 = o.l2,
          .clip_norm = o.clip_norm,
          .clip_value = o.clip_value,
          .seed = o.seed};
}

}  // namespace

template <class T>
BatchRun<T>::BatchRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                      const BasicFitOptions<T>& options)
    : TrainingRun<T>(model, train, validation, options),
      batches_(this->train_, this->options_.batch_size, this->options_.shuffle, this->options_.seed),
      plan_(model, training_plan(this->options_, this->loss_)),
      workspace_(plan_, model, &this->team_),
      feeder_(batches_, workspace_, true, &this->team_),
      updater_(model, update_options(this->options_)) {
  updater_.attach(workspace_);
}

template <class T>
StepRates BatchRun<T>::rates() const {
  const BasicFitOptions<T>& o = this->options_;
  const Progress progress{.step = updater_.steps(),
                          .steps = o.epochs * batches_.count(),
                          .epoch = updater_.steps() / batches_.count(),
                          .plateaus = this->state_.plateaus};
  const double rate = this->state_.learning_rate.value_or(o.optimizer.learning_rate());
  return {.learning_rate = rate * (o.schedule_function ? checked_factor(o.schedule_function, progress)
                                                       : learning_rate_factor(o.schedule, progress)),
          .dropout = schedule_factor(o.dropout_schedule, progress),
          .decay = schedule_factor(o.decay_schedule, progress)};
}

template <class T>
double BatchRun<T>::train_epoch(std::int64_t epoch) {
  batches_.begin_epoch(static_cast<std::uint32_t>(epoch));
  double sum = 0;
  for (std::int64_t b = 0; b < batches_.count(); ++b) {
    if (this->watch_) this->watch_->before_step(b);
    const double loss = step(b);
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

template <class T>
double BatchRun<T>::step(std::int64_t batch) {
  const FloatEnvironment<T> environment;  // set once for the whole step
  const std::int64_t rows = feeder_.load(batch, workspace_);
  return updater_.step(workspace_, rows, rates());
}

template <class T>
void BatchRun<T>::load_optimizer(const TrainingState<T>& state) {
  updater_.restore(state.optimizer, state.steps);
}

template <class T>
void BatchRun<T>::save_optimizer(TrainingState<T>& state) const {
  state.optimizer = updater_.states();
  state.steps = updater_.steps();
}

// Updates `worst` to the largest gradient component so far. A component that is not finite counts as the largest.
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

// Repeats one step; the gradients are stored, and checked before they are applied.
template <class T>
void BatchRun<T>::replay(Workspace<T>& workspace, std::int64_t batch, Worst& worst) {
  const FloatEnvironment<T> environment;
  const StepRates step = rates();
  workspace.forward_loss(feeder_.load(batch, workspace), updater_.key(step.dropout));
  updater_.prepare(workspace, step);
  workspace.backward();
  find_worst(workspace, worst);
  updater_.apply(workspace);
}

// Throws N01. To name the layer whose gradient grew too large, repeats the epoch from its start with all gradients
// stored; this gives the same bits.
template <class T>
void BatchRun<T>::diverged(double loss, std::int64_t epoch, std::int64_t batch) {
  restore_snapshot(this->model_, this->state_.parameters);
  load_optimizer(this->state_);
  PlanOptions options = training_plan(this->options_, this->loss_);
  options.store_gradients = true;
  const Plan<T> plan(this->model_, options);
  Workspace<T> workspace(plan, this->model_, &this->team_);
  updater_.attach(workspace);
  Worst worst;
  for (std::int64_t b = 0; b < batch; ++b) replay(workspace, b, worst);
  std::vector<std::string> details;
  if (!worst.where.empty()) {
    details.push_back(fmt::format("largest gradient was in {} ({:.1e}), lr is {}", worst.where, worst.size,
                                  number_text(learning_rate())));
  }
  throw Error("N01",
              fmt::format("loss became {} in epoch {}, step {} of {}", std::isnan(loss) ? "NaN" : "infinite", epoch,
                          count_text(batch + 1), count_text(batches_.count())),
              details);
}

template class BatchRun<float>;
template class BatchRun<double>;

}  // namespace pellucid
