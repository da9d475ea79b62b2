// FitRun: one call of fit from its first epoch to its last. The two ways to spend an epoch (mini-batches, L-BFGS)
// derive from it. Not here: the arithmetic of a step (model/workspace.h), the optimizer's state (updater.h).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "health/health_watch.h"
#include "judge/judge.h"
#include "train/fit_state.h"
#include "train/updater.h"

namespace pellucid {

template <class T>
class FitRun {
 public:
  FitRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation, const BasicFitOptions<T>& options);
  virtual ~FitRun() = default;
  History run();

 protected:
  /// Trains for one epoch; returns the mean loss. Sets `stop_` to end training, throws N01 where the loss is not
  /// finite.
  virtual double train_epoch(std::int64_t epoch) = 0;
  virtual std::int64_t steps_per_epoch() const = 0;
  /// The optimizer's part of the state, both ways. Throws D21 where the state lacks something.
  virtual void load_optimizer(const FitState<T>&) {}
  virtual void save_optimizer(FitState<T>&) const {}
  virtual double current_learning_rate() const { return 0; }
  virtual const Workspace<T>& workspace() const = 0;
  /// Throws U24 where the model is no longer that which the workspace was made for.
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
  const Dataset& validation_;
  BasicFitOptions<T> options_;  ///< every auto replaced
  Team team_;
  Loss loss_;
  FitState<T> state_;                    ///< as of the end of the last whole epoch
  std::string stop_;                     ///< why to end; empty: go on
  std::optional<HealthWatch<T>> watch_;  ///< with options_.health

 private:
  void resume();
  void checkpoint(bool last);
  void one_epoch(std::int64_t epoch);
  void judge(EpochRecord& record);
  std::string largest_weight() const;
  void remember(const EpochRecord& record);
  void decide_stop();
  void look(std::int64_t epoch);
  void finish();
  void require_finite_weights(std::int64_t epoch) const;

  std::optional<Judge<T>> judge_;
  Json fingerprint_;  ///< where there is a checkpoint to write or to read
};

/// Mini-batches with an elementwise rule.
template <class T>
class BatchRun final : public FitRun<T> {
 public:
  BatchRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation, const BasicFitOptions<T>& options);

 private:
  double train_epoch(std::int64_t epoch) override;
  std::int64_t steps_per_epoch() const override { return batches_.count(); }
  void load_optimizer(const FitState<T>& state) override;
  void save_optimizer(FitState<T>& state) const override;
  double current_learning_rate() const override;
  const Workspace<T>& workspace() const override { return workspace_; }

  PlanOptions plan_options() const;
  struct Worst {
    double size = 0;
    std::string where;
  };
  double step(Workspace<T>& workspace, std::int64_t batch, Worst* worst = nullptr);
  void clip_by_norm(Workspace<T>& workspace);
  void find_worst(const Workspace<T>& workspace, Worst& worst) const;
  [[noreturn]] void diverged(double loss, std::int64_t epoch, std::int64_t batch);

  Batches batches_;
  Plan<T> plan_;
  Workspace<T> workspace_;
  Feeder<T> feeder_;
  Updater<T> updater_;
};

/// All rows at once, steps chosen by L-BFGS.
template <class T>
std::unique_ptr<FitRun<T>> make_lbfgs_run(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                                          const BasicFitOptions<T>& options);

}  // namespace pellucid
