// tune(): a search for better settings by successive halving, and a test of whether the gain could be chance.
// Not here: training with one recipe (run.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pellucid/metric.h"
#include "pellucid/recipe.h"
#include "pellucid/train_table.h"
#include "pellucid/trainer.h"

namespace PELLUCID_EXPORT pellucid {

/// A round of the search: the number of trials, each trained from scratch for this number of epochs.
struct Rung {
  std::int64_t trials, epochs;
};

/// The rounds of a search: three, each with a third of the trials and three times the epochs of the one before; the
/// last one has all epochs. Two rounds if there are fewer than nine trials, one if fewer than three. Jamieson,
/// Talwalkar, AISTATS 2016, with η = 3.
std::vector<Rung> halving_rungs(std::int64_t trials, std::int64_t epochs);

/// Score and loss on the validation rows; NaN if the training diverged.
struct TrialScore {
  double score = std::numeric_limits<double>::quiet_NaN();  ///< accuracy, RMSE or mean R²
  double loss = std::numeric_limits<double>::quiet_NaN();
};

/// Indices of the `keep` best trials, best first. Ordered by score, then by lower loss, then by index; trials that
/// diverged come last.
std::vector<std::size_t> best_trials(std::span<const TrialScore> scores, std::int64_t keep, bool higher_is_better);

/// How much better the trainings with one choice of settings are than those with another.
struct TuneGain {
  double standard = 0, candidate = 0;  ///< means of the scores (ScoreKind, metric.h)
  double gain = 0;                     ///< > 0: the candidate is better (more accuracy or R², less RMSE)
  Interval interval;                   ///< 95 % confidence interval of the gain

  bool is_beyond_noise() const noexcept { return interval.low > 0; }
};

/// Compares two choices of settings. `standard` and `candidate` hold evaluations of the same rows, as many each, at
/// least 2; training i of both had the same seed. The interval adds up two sources of chance: the seeds (differences of
/// the pairs) and the rows (differences of each row's mean error); it is a Student interval with the degrees of freedom
/// of the pairs. Row errors are Evaluation::row_errors; a difference of squared errors is divided by the sum of both
/// RMSEs. Throws U20 if the numbers of evaluations or the rows do not match.
TuneGain gain_over(std::span<const Evaluation> standard, std::span<const Evaluation> candidate);

/// number of trainings of both default and winner from which the gain is measured
inline constexpr std::int64_t gain_seeds = 5;

/// One set of settings to try. Varied are the width and depth of the network, learning rate, dropout and weight decay.
/// A trial depends only on the seed and its number.
struct Trial {
  std::int64_t number = 0;  ///< 0: the default settings, as train() would use them
  std::vector<HiddenLayer> hidden;
  double learning_rate = 0, dropout = 0;
  double decay = 0;  ///< weight decay of adamw; with other optimizers than adam and adamw, l2

  std::string text() const;         ///< "hidden 128,128 · lr 0.003 · dropout 0.1 · decay 0.01"
  std::string hidden_text() const;  ///< "128,128", "none"
};

struct TrialResult {
  Trial trial;
  std::int64_t epochs = 0;      ///< planned epochs; fewer in the first rounds
  std::int64_t best_epoch = 0;  ///< 0 if the training diverged
  TrialScore score;
  double seconds = 0;
};

struct TuneOptions {
  std::int64_t trials = 27;  ///< number of trials drawn; 0: as many as `seconds` allows
  double seconds = 0;        ///< approximate time limit of the search; 0: none. Required if `trials` is 0
  /// Only splits, resolves and calls on_plan; trains nothing.
  bool dry_run = false;
  /// May be set to true from any thread: no further training begins, and running ones end after the current batch.
  const std::atomic<bool>* cancel = nullptr;
};

struct TuneResult {
  Recipe standard_recipe;  ///< resolved: the default settings, from which all trials differ
  Recipe recipe;           ///< settings of the winner, with all epochs; can be passed to train()
  ScoreKind kind = ScoreKind::rmse;
  Trial default_trial;
  /// rounds of one search. With a time limit only, searches are repeated, one after the other
  std::vector<Rung> rounds;
  std::vector<TrialResult> trainings;  ///< in the order of on_trial; empty: cancelled before the first one ended
  TrialResult standard, winner;        ///< winner: the best validation score among trials with all epochs
  /// on the test rows; empty: the default won, there are no test rows, or a training failed
  std::optional<TuneGain> gain;
  std::int64_t train_rows = 0, validation_rows = 0, test_rows = 0;
  std::vector<std::string> targets;
  double seconds = 0;  ///< time of the search and of measuring the gain
};

/// Callbacks of tune(). They are called on the calling thread or on worker threads, but never two at the same time.
class TuneEvents {
 public:
  virtual ~TuneEvents() = default;
  /// Called before the first training, with the parts of the result that are known by then.
  virtual void on_plan(const TuneResult& /*plan*/) {}
  /// A training has ended. `recipe` has the trial's settings with all epochs, `trained` those with the epochs of this
  /// round.
  virtual void on_trial(const TrialResult& /*result*/, const Recipe& /*recipe*/, const Recipe& /*trained*/) {}
  /// The search has ended; `gain` is measured next.
  virtual void on_winner(const TuneResult& /*result*/) {}
};

/// Searches for better settings. The default settings and `trials` randomly drawn ones compete in rounds of successive
/// halving on the validation rows; then default and winner are trained with five further seeds each and compared on the
/// test rows. Settings that the recipe sets are not varied. Trainings run in parallel on the recipe's threads; the same
/// recipe and seed give the same result with any number of threads, unless the time limit ends the search. Throws U06
/// for a recipe with resume, init_from, repeat, folds or time_limit, or without validation rows; otherwise as train().
TuneResult tune(const TrainTable& data, Recipe recipe, TuneEvents& events, const TuneOptions& options = {});

}  // namespace pellucid
