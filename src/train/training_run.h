// TrainingRun: a training from its first epoch to its last, one epoch per call. BatchRun (mini-batches) and LbfgsRun
// derive from it and implement the training of one epoch.
// Not here: the training step (updater.h), the public interface (pellucid/trainer.h).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "health/health_watch.h"
#include "judge/judge.h"
#include "train/training_state.h"
#include "train/updater.h"

namespace pellucid {

template <class T>
class TrainingRun {
 public:
  virtual ~TrainingRun() = default;

  /// Reads the checkpoint in FitOptions::resume, if any, and tells the observers that training starts.
  void begin();
  bool done() const noexcept { return done_; }
  /// Trains one epoch, validates and writes a checkpoint. After the last epoch the model gets its final weights.
  /// Returns nothing if the epoch was cancelled. An exception ends the training.
  std::optional<EpochRecord> epoch();
  /// Ends the training after the last completed epoch.
  void stop(const std::string& reason);

  const History& history() const noexcept { return state_.history; }
  History take_history() { return std::move(state_.history); }
  const BasicFitOptions<T>& options() const noexcept { return options_; }
  std::string to_bytes() const;
  virtual double learning_rate() const { return 0; }
  /// Replaces the optimizer's learning rate. The schedule still multiplies it.
  void set_learning_rate(double rate);

 protected:
  TrainingRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation, const BasicFitOptions<T>& options);

  /// Trains one epoch and returns the mean loss. Sets `stop_` to end the training; throws N01 if the loss is not
  /// finite.
  virtual double train_epoch(std::int64_t epoch) = 0;
  virtual std::int64_t steps_per_epoch() const = 0;
  /// Load and save the optimizer's part of the state. Loading throws D21 if something is missing.
  virtual void load_optimizer(const TrainingState<T>&) {}
  virtual void save_optimizer(TrainingState<T>&) const {}
  virtual const Workspace<T>& workspace() const = 0;
  /// Throws U24 if the model's parameters were replaced since the workspace was made.
  void require_bound() const;

  /// Calls tell(observer) for each of FitOptions::observers.
  template <class F>
  void each_observer(const F& tell) const {
    for (BasicObserver<T>* observer : options_.observers) {
      if (observer != nullptr) tell(*observer);
    }
  }

  bool cancelled() const noexcept {
    return options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed);
  }

  BasicModel<T>& model_;
  Dataset train_;
  Dataset validation_;
  BasicFitOptions<T> options_;  ///< with every auto replaced
  Team team_;
  Loss loss_;
  TrainingState<T> state_;               ///< at the end of the last completed epoch
  std::string stop_;                     ///< why training ends; empty: it continues
  std::optional<HealthWatch<T>> watch_;  ///< if options_.health is set

 private:
  void resume();
  void require_running() const;
  void checkpoint(bool last);
  void one_epoch(std::int64_t epoch);
  void judge(EpochRecord& record);
  std::string largest_weight() const;
  void remember(const EpochRecord& record);
  void decide_stop();
  void look(std::int64_t epoch);
  void finish();
  void require_finite_weights(std::int64_t epoch) const;
  bool has_ended() const noexcept { return !stop_.empty() || state_.epochs_done >= options_.epochs; }

  bool done_ = false;
  std::optional<Judge<T>> judge_;
  mutable Json fingerprint_;  ///< made when first used; describes rows and settings for checkpoints
};

/// Why training stops after the last epoch of this state; "": it continues. `validated`: there are validation rows.
template <class T>
std::string reason_to_stop(const TrainingState<T>& state, const BasicFitOptions<T>& options, bool validated);

/// The rows with the class weights of FitOptions::balanced_classes, if `balanced`.
Dataset weighted(const Dataset& data, bool balanced);

/// Throws D17 or U20 if training rows or targets are missing, or if validation rows are not like the training rows.
void require_rows(const Dataset& train, const Dataset& validation);

inline constexpr const char* all_epochs_done = "all epochs done";

template <class T>
PlanOptions training_plan(const BasicFitOptions<T>& options, const Loss& loss) {
  return {.rows = options.batch_size,
          .loss = loss,
          .keep = options.keep,
          .store_gradients = options.clip_norm > 0,
          .row_block = options.row_block};
}

/// Training on mini-batches, for every optimizer but L-BFGS.
template <class T>
class BatchRun final : public TrainingRun<T> {
 public:
  BatchRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation, const BasicFitOptions<T>& options);

 private:
  double train_epoch(std::int64_t epoch) override;
  std::int64_t steps_per_epoch() const override { return batches_.count(); }
  void load_optimizer(const TrainingState<T>& state) override;
  void save_optimizer(TrainingState<T>& state) const override;
  double learning_rate() const override { return rates().learning_rate; }
  StepRates rates() const;
  const Workspace<T>& workspace() const override { return workspace_; }

  struct Worst {
    double size = 0;
    std::string where;
  };
  double step(std::int64_t batch);
  void replay(Workspace<T>& workspace, std::int64_t batch, Worst& worst);
  void find_worst(const Workspace<T>& workspace, Worst& worst) const;
  [[noreturn]] void diverged(double loss, std::int64_t epoch, std::int64_t batch);

  Batches batches_;
  Plan<T> plan_;
  Workspace<T> workspace_;
  Feeder<T> feeder_;
  Updater<T> updater_;
};

/// Training on all rows at once by L-BFGS.
template <class T>
std::unique_ptr<TrainingRun<T>> make_lbfgs_run(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                                               const BasicFitOptions<T>& options);

/// Makes the run for these options and begins it.
template <class T>
std::unique_ptr<TrainingRun<T>> make_run(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                                         const BasicFitOptions<T>& options);

}  // namespace pellucid
