// Training: fit, its options and checkpoints.
// Not here: judging (evaluation.h), what a training leaves (history.h), files of a run (src/run).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
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

/// What makes an epoch the best: the lowest validation loss, or the best validation score (ScoreKind, metric.h), the
/// last of equal ones.
enum class BestBy { loss, score };

/// The state of a training at the end of its last whole epoch. Calling it makes the bytes that FitOptions::resume
/// takes; a training resumed from them ends with the same bits.
struct Checkpoint {
  std::function<std::string()> make_bytes;
  bool last = false;  ///< training has ended or was cancelled: no further one comes
  std::string operator()() const { return make_bytes(); }
};

/// Options of fit. Negative or empty means "auto": the rules are below.
template <class T>
struct BasicFitOptions {
  std::int64_t epochs = -1;
  std::int64_t batch_size = -1;  ///< the last batch of an epoch may be shorter
  Optimizer optimizer = Adam{};
  /// By default cross_entropy, binary_cross_entropy (also of several targets of yes or no) or mse, by the last
  /// activation and the targets.
  std::optional<Loss> loss{};
  Schedule schedule{};
  double l1 = 0, l2 = 0;       ///< on weights only: loss + l2·Σw²/2 + l1·Σ|w|; l1 as a proximal step
  double clip_norm = 0;        ///< > 0: the whole gradient is scaled to this norm at most
  double clip_value = 0;       ///< > 0: each gradient component is clamped
  std::int64_t patience = -1;  ///< epochs without a better validation loss before stopping; 0: off
  double min_delta = 0;        ///< what counts as better
  double stop_change = 0;      ///< > 0: stop when the training loss moves less than this from one epoch to the next
  bool keep_best = true;       ///< the weights of the epoch with the best validation loss are kept
  BestBy best_by = BestBy::loss;
  bool shuffle = true;
  bool balanced_classes = false;  ///< weight rows so that classes count the same
  std::int64_t row_block = 1024;  ///< gradients are summed in blocks of this many rows (numerical contract)
  std::uint64_t seed = 42;
  std::int64_t threads = 0;                    ///< 0: as many as CPUs this process may use. No influence on any bit
  std::vector<std::string> keep{};             ///< names an observer will read (observer.h)
  std::vector<BasicObserver<T>*> observers{};  ///< told of the training's events in this order; null ones are skipped
  /// Look at the layers on the way: fills History::health and calls on_health. Costs about 3 % and no bit of the model.
  bool health = false;
  /// Set from anywhere: training ends after the batch, and the model keeps its best weights.
  const std::atomic<bool>* cancel = nullptr;
  /// Bytes of a checkpoint written by a fit of the same rows, layers and options. Only `threads` and what makes no
  /// weight may differ; `patience` may be raised, and `epochs` too unless the schedule is planned over all epochs.
  std::optional<std::string> resume{};
  /// Called after each epoch, and when training is cancelled in the middle of one.
  std::function<void(const Checkpoint& checkpoint)> checkpoint{};
  std::string note{};  ///< kept in checkpoints as it is, for the caller (checkpoint_info)
};
using FitOptions = BasicFitOptions<float>;

/// What a checkpoint tells without the model it belongs to.
struct CheckpointInfo {
  History history;       ///< of the finished epochs; without health
  std::string note;      ///< FitOptions::note
  bool complete = true;  ///< false: an earlier version wrote it, which kept less of rows and settings
};
/// Throws D21 where the bytes are no whole checkpoint.
CheckpointInfo checkpoint_info(const std::string& bytes);

/// The stated rules behind "auto": what they look at is in `reason`. Measured in docs/results.md.
struct AutoRule {
  std::int64_t value;
  std::string reason;  ///< "105 training rows"
};
/// Enough passes for about 8,000 steps (regression: 40,000, for it rewards a long end), but 20 to 400.
AutoRule auto_epochs(std::int64_t train_rows, bool classification = true);
/// 32, from 10,000 rows on 64, from 20,000 on 128.
AutoRule auto_batch_size(std::int64_t train_rows);
/// Hidden layers of a net nobody described: "128"; regression: "64,32".
std::string auto_hidden(bool classification);
/// Adam and AdamW: 0.001, without hidden layers 0.01; regression: 0.003. Others: their own default. Meant to go with a
/// cosine schedule.
double auto_learning_rate(const Optimizer& optimizer, bool classification, bool hidden = true);
/// Half of the epochs, at least 5: with a cosine schedule the last epochs are often the best.
AutoRule auto_patience(std::int64_t epochs);

/// Trains in place; `validation` may be empty, or has targets like those of `train`. Throws U12, U20, U22, U24 (an
/// observer replaced a parameter), N01 (the model then holds the last good weights), M02.
template <class T>
History fit(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
            const BasicFitOptions<T>& options = {});
/// What fit() would throw before its first step, without training (the model must be built): options, sizes, and a
/// checkpoint in options.resume that is damaged (D21) or of other settings (U31) or rows (D42). Returns why a resumed
/// training has nothing left to do, in the words of History::stopped; "" where it has.
template <class T>
std::string check_fit(const BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                      const BasicFitOptions<T>& options);
/// Also stores the split's preprocessor in the model.
template <class T>
History fit(BasicModel<T>& model, const Split& split, const BasicFitOptions<T>& options = {});

/// What fit() asks first, before it allocates anything: throws M02 where parameters, best weights, the optimizer's
/// state and the values of a batch together need more memory than is free. The model need not be built. Throws as fit()
/// where model, data and options do not fit together.
template <class T>
void require_training_memory(const BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                             const BasicFitOptions<T>& options = {});

}  // namespace pellucid
