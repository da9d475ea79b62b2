// Training: Trainer (epochs one at a time), fit (all of them in one call), their options and checkpoints.
// Not here: single training steps (stepper.h), judging a model (evaluation.h), the files of a run (src/run).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/dataset.h"
#include "pellucid/evaluation.h"
#include "pellucid/history.h"
#include "pellucid/loss.h"
#include "pellucid/model.h"
#include "pellucid/observer.h"
#include "pellucid/optimizer.h"
#include "pellucid/preprocess.h"
#include "pellucid/schedule.h"

namespace PELLUCID_EXPORT pellucid {

/// How epochs are compared: by the validation loss (lowest) or by the validation score (best; ScoreKind, metric.h).
/// Among equal scores the later epoch is the better one.
enum class BestBy { loss, score };

/// The state of a training at the end of its last whole epoch. Calling it makes the bytes that FitOptions::resume
/// takes; a training resumed from them ends with the same bits as one that was never interrupted.
struct Checkpoint {
  std::function<std::string()> make_bytes;
  bool last = false;  ///< training has ended or was cancelled: no further checkpoint comes
  std::string operator()() const { return make_bytes(); }
};

/// Options of a training. A negative number or an empty optional means "auto": the rules are below.
template <class T>
struct BasicFitOptions {
  std::int64_t epochs = -1;      ///< at most; ≥ 1, auto: auto_epochs()
  std::int64_t batch_size = -1;  ///< rows per training step, ≥ 1, auto: auto_batch_size(); the last may be shorter
  Optimizer optimizer = Adam{};
  /// Auto: cross_entropy, binary_cross_entropy (also for several yes/no targets) or mse, by the last activation and the
  /// targets.
  std::optional<Loss> loss{};
  Schedule schedule{};                   ///< of the learning rate
  ScheduleFunction schedule_function{};  ///< a schedule of your own instead; checkpoints cannot store it
  FactorSchedule dropout_schedule = FactorSchedule::constant;  ///< of the rates of all Dropout layers
  FactorSchedule decay_schedule = FactorSchedule::constant;    ///< of the weight decay of AdamW
  double l1 = 0, l2 = 0;       ///< ≥ 0, on weights only: loss + l2·Σw²/2 + l1·Σ|w|; l1 as a proximal step
  double clip_norm = 0;        ///< > 0: a gradient whose norm (over all parameters) is larger is scaled down to it
  double clip_value = 0;       ///< > 0: each component of the gradient is limited to ± this
  std::int64_t patience = -1;  ///< stop after this many epochs without a better one; 0: never; auto: auto_patience()
  /// ≥ 1; larger: the longer it took to the best epoch so far, the more patience. Training stops after an epoch that is
  /// not before patience_factor · (best epoch) + patience. No effect where patience is 0.
  double patience_factor = 1;
  double min_delta = 0;    ///< ≥ 0: an epoch is better only by more than this
  double stop_change = 0;  ///< > 0: stop when the training loss changes by less than this from one epoch to the next
  bool keep_best = true;   ///< the model ends with the weights of its best epoch; false: of the last one
  BestBy best_by = BestBy::loss;
  bool shuffle = true;              ///< a new order of the training rows in each epoch
  bool balanced_classes = false;    ///< weight the rows so that every class counts the same
  std::int64_t row_block = 1024;    ///< gradients are summed in blocks of this many rows (ARCHITECTURE.md)
  std::uint64_t seed = 42;          ///< of initial weights, order of rows and dropout
  std::int64_t threads = 0;         ///< 0: as many as CPUs this process may use. Results are identical for any number
  std::vector<std::string> keep{};  ///< values that an observer will read (observer.h)
  std::vector<BasicObserver<T>*> observers{};  ///< called in this order; null pointers are skipped
  /// Measure the layers during training: fills History::health and calls on_health. Costs about 3 % of the time and
  /// changes no bit of the model.
  bool health = false;
  /// May be set from another thread or a signal handler: training ends after the current step, and the model gets its
  /// best weights.
  const std::atomic<bool>* cancel = nullptr;
  /// Bytes of a checkpoint of a training with the same rows, layers and options. Only `threads` and options that change
  /// no weight may differ; `patience` and `patience_factor` may be raised, and `epochs` too unless a schedule is
  /// planned over all epochs.
  std::optional<std::string> resume{};
  /// Called after each epoch, and when training is cancelled in the middle of one.
  std::function<void(const Checkpoint& checkpoint)> checkpoint{};
  std::string note{};  ///< stored in checkpoints unchanged; checkpoint_info() returns it
};
using FitOptions = BasicFitOptions<float>;

/// The part of a checkpoint that can be read without the model.
struct CheckpointInfo {
  History history;       ///< of the finished epochs; without health
  std::string note;      ///< FitOptions::note
  bool complete = true;  ///< false: an early version wrote it, which stored fewer facts about rows and settings
};
/// Throws D21 where the bytes are not a whole checkpoint.
CheckpointInfo checkpoint_info(const std::string& bytes);

/// The rules that fit() applies where its options leave a number to it. A recipe uses the same ones; what only a recipe
/// decides (hidden layers, learning rate …) is in its own room: resolve() in train_table.h. They were measured in
/// docs/results.md.
struct AutoRule {
  std::int64_t value;
  std::string reason;  ///< the fact that the rule used: "105 training rows"
};
/// Enough epochs for about 8,000 steps (regression: 40,000, which gains from a long training), but 20 to 400.
AutoRule auto_epochs(std::int64_t train_rows, bool classification = true);
/// 32; from 10,000 training rows 64, from 20,000 training rows 128.
AutoRule auto_batch_size(std::int64_t train_rows);
/// Half of the epochs, at least 5, because with a cosine schedule the last epochs are often the best.
AutoRule auto_patience(std::int64_t epochs);

/// A training, one epoch at a time:
///   Trainer trainer(model, split, {.epochs = 50});
///   while (!trainer.done()) trainer.epoch();
/// Between two epochs it can wait as long as you like; look at history() and at the model, change the learning rate, or
/// write to_bytes() into a file. While it trains, the model has the weights of the last epoch; when the training ends,
/// it gets the weights that FitOptions::keep_best chooses. fit() is this loop. The model must outlive the trainer and
/// keep its parameters where they are (U24). One thread at a time may use a trainer; several trainers may run at once.
template <class T>
class BasicTrainer {
 public:
  /// `validation` may be empty; else its targets are like those of `train`. Builds the model where that was not done.
  /// Calls on_start of the observers. Throws U06, U12, U20, U22, M02, and as check_fit where it resumes.
  BasicTrainer(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
               const BasicFitOptions<T>& options = {});
  /// Also stores the split's preprocessor in the model.
  BasicTrainer(BasicModel<T>& model, const Split& split, const BasicFitOptions<T>& options = {});
  ~BasicTrainer();
  BasicTrainer(BasicTrainer&&) noexcept;
  BasicTrainer& operator=(BasicTrainer&&) noexcept;

  /// Whether the training has ended: all epochs are done, it stopped early, was cancelled, stop() was called, or
  /// epoch() threw an exception.
  bool done() const noexcept;
  /// Trains one epoch and judges it on the validation rows. Returns its record, or nothing where it was cancelled
  /// before its end. Throws N01 where the loss or a weight is no longer finite (the model then has the last good
  /// weights), U24, U27 (the training has ended), and whatever an observer throws; each ends the training.
  std::optional<EpochRecord> epoch();
  /// Ends the training early: done() is true from now on, and the model has the weights it keeps.
  void stop();

  const History& history() const noexcept;             ///< of the epochs so far
  const BasicFitOptions<T>& options() const noexcept;  ///< with every auto replaced

  double learning_rate() const;  ///< of the coming step, with the schedule; 0 for L-BFGS
  /// Replaces the optimizer's learning rate, which the schedule multiplies. ≥ 0 (U12); checkpoints store it. No effect
  /// on L-BFGS.
  void set_learning_rate(double rate);

  /// The state at the end of the last whole epoch, for FitOptions::resume.
  std::string to_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
using Trainer = BasicTrainer<float>;

/// All epochs of a Trainer in one call; trains the model in place. Throws as the Trainer does.
template <class T>
PELLUCID_EXPORT History fit(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                            const BasicFitOptions<T>& options = {});
/// Also stores the split's preprocessor in the model.
template <class T>
PELLUCID_EXPORT History fit(BasicModel<T>& model, const Split& split, const BasicFitOptions<T>& options = {});

/// Checks a training without starting it: throws what fit() would throw before its first step, that is, for options and
/// sizes that do not match, and for a checkpoint in options.resume that is damaged (D21) or belongs to other settings
/// (U31) or rows (D42). The model must be built. Returns why a resumed training has nothing left to do, as in
/// History::stopped, or "" where it has.
template <class T>
PELLUCID_EXPORT std::string check_fit(const BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                                      const BasicFitOptions<T>& options);

/// Throws M02 where parameters, best weights, the optimizer's state and the values of a batch together need more memory
/// than is free. fit() and Trainer call it before they allocate anything. The model need not be built. Throws as fit()
/// where model, data and options do not fit together.
template <class T>
PELLUCID_EXPORT void require_training_memory(const BasicModel<T>& model, const Dataset& train,
                                             const Dataset& validation, const BasicFitOptions<T>& options = {});

extern template class BasicTrainer<float>;
extern template class BasicTrainer<double>;

}  // namespace pellucid
