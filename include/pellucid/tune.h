// What a search for settings goes by: successive halving, and a gain held against chance. Threads: plain functions.
// Not here: training (trainer.h), what is tried (the program's tune).
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "pellucid/metric.h"
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

}  // namespace pellucid
