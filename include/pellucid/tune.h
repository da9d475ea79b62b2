// tune(): a search for settings by successive halving, and its gain held against chance; the parts it is made of.
// Not here: training one recipe (run.h).
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

/// A round: so many trials, each trained anew for so many epochs.
struct Rung {
  std::int64_t trials, epochs;
};

/// Three rounds, each with a third of the trials and three times the epochs of the one before; the last has all epochs.
/// Two rounds for fewer than nine trials, one for fewer than three. Jamieson, Talwalkar, AISTATS 2016, with η = 3.
std::vector<Rung> halving_rungs(std::int64_t trials, std::int64_t epochs);

/// Of the validation rows; NaN where the training diverged.
struct TrialScore {
  double score = std::numeric_limits<double>::quiet_NaN();  ///< accuracy, RMSE or mean R²
  double loss = std::numeric_limits<double>::quiet_NaN();
};

/// Positions of the best, best first: by score, then by the lower loss, then the earlier one; what diverged comes last.
std::vector<std::size_t> best_trials(std::span<const TrialScore> scores, std::int64_t keep, bool higher_is_better);

/// By how much trainings with one choice of settings beat trainings with another.
struct TuneGain {
  double standard = 0, candidate = 0;  ///< mean of the scores (ScoreKind, metric.h)
  double gain = 0;                     ///< above 0: the candidate is better (more accuracy or R², less RMSE)
  Interval interval;                   ///< of the gain, 95 %

  bool is_beyond_noise() const noexcept { return interval.low > 0; }
};

/// Evaluations of the same rows; training i of both had the same seed (2 or more each). Two sources of noise are added
/// up: which seeds there were (the differences of the pairs) and which rows (the differences of each row's mean error);
/// the interval is Student's with the pairs' degrees of freedom. The errors of rows are Evaluation::row_errors; the
/// difference of squared ones is divided by the sum of both RMSEs. Throws U20 for other counts or rows.
TuneGain gain_over(std::span<const Evaluation> standard, std::span<const Evaluation> candidate);

inline constexpr std::int64_t gain_seeds = 5;  ///< trainings of default and winner that a gain is measured by

/// What is varied: the net's width and depth, learning rate, dropout and weight decay. A trial is a function of the
/// seed and its number.
struct Trial {
  std::int64_t number = 0;  ///< 0: the default, as train() has it
  std::vector<std::int64_t> hidden;
  double learning_rate = 0, dropout = 0;
  double decay = 0;  ///< weight decay of adamw; with other optimizers than adam and adamw, l2

  std::string text() const;         ///< "hidden 128,128 · lr 0.003 · dropout 0.1 · decay 0.01"
  std::string hidden_text() const;  ///< "128,128", "none"
};

struct TrialResult {
  Trial trial;
  std::int64_t epochs = 0;      ///< planned: fewer in the first rounds
  std::int64_t best_epoch = 0;  ///< 0 where the training diverged
  TrialScore score;
  double seconds = 0;
};

struct TuneOptions {
  std::int64_t trials = 27;  ///< so many are drawn; 0: as many as `seconds` allow
  double seconds = 0;        ///< the search ends about then; 0: as long as it takes. Needed where `trials` is 0
  /// Splits, resolves and calls on_plan; trains nothing.
  bool dry_run = false;
  /// Set from any thread: no training begins any more, and those that run end after the batch.
  const std::atomic<bool>* cancel = nullptr;
};

struct TuneResult {
  Recipe standard_recipe;  ///< resolved: the default, which all trials vary
  Recipe recipe;           ///< of the winner, with all epochs; give it to train()
  ScoreKind kind = ScoreKind::rmse;
  Trial default_trial;
  std::vector<Rung> rounds;  ///< of one search by halving; with seconds alone there are more, one after the other
  std::vector<TrialResult> trainings;  ///< in the order in which they were told; empty: cancelled before the first one
  TrialResult standard, winner;        ///< the winner has the best validation score of those with all epochs
  std::optional<TuneGain> gain;  ///< on the test rows; nothing: the default won, there are none, or a training failed
  std::int64_t train_rows = 0, validation_rows = 0, test_rows = 0;
  std::vector<std::string> targets;
  double seconds = 0;  ///< of the search and the gain
};

/// What tune() tells while it works, always on the thread that called it or, one call at a time, on its workers.
class TuneEvents {
 public:
  virtual ~TuneEvents() = default;
  /// What will be done: all of the result that is known before the first training.
  virtual void on_plan(const TuneResult& /*plan*/) {}
  /// A training has ended. `recipe` is the trial's with all epochs, `trained` with the epochs that it was trained for.
  virtual void on_trial(const TrialResult& /*result*/, const Recipe& /*recipe*/, const Recipe& /*trained*/) {}
  /// The search has ended; `gain` is measured next.
  virtual void on_winner(const TuneResult& /*result*/) {}
};

/// Searches settings: the default and `trials` drawn ones, in rounds of successive halving, chosen by the validation
/// rows; then default and winner with five further seeds each on the test rows. What the recipe sets is not varied.
/// Trainings run beside each other on the recipe's threads; the same recipe and seed give the same result on any number
/// of them, unless the clock ends the search. Throws U06 for a recipe with resume, init_from, repeat or folds, and
/// where there are no validation rows; as train() otherwise.
TuneResult tune(const TrainTable& data, Recipe recipe, TuneEvents& events, const TuneOptions& options = {});

}  // namespace pellucid
