// Training trials beside each other, round by round; and the winner against the default.
// Not here: what a trial is (tune_space.h), what is written and said (app/commands/tune.cc).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "pellucid/preprocess.h"
#include "pellucid/tune.h"
#include "trainings/tune_space.h"

namespace pellucid {

using Clock = std::chrono::steady_clock;

class TuneSearch {
 public:
  /// `found` is called for each finished training, in the order of the trials. Trainings run on as many threads as the
  /// settings say, each on one of them; no result depends on that.
  TuneSearch(const TuneSpace& space, const Split& split, std::function<void(const TrialResult&)> found);

  /// The default, with all its epochs.
  void run_standard();
  /// Trials first, first + 1, … in rounds of successive halving. No training begins once it is `late`, which any thread
  /// may ask. False where it ended early.
  bool run_halving(std::int64_t first, std::int64_t trials, const std::function<bool()>& late);

  /// The best of those that were trained longest, which the default is among.
  const TrialResult& winner() const;
  const std::vector<TrialResult>& results() const noexcept { return results_; }
  ScoreKind kind() const;  ///< of the trials' scores

 private:
  std::vector<TrialResult> run_rung(const std::vector<Trial>& trials, std::int64_t epochs,
                                    const std::function<bool()>& late);
  std::optional<TrialResult> train(const Trial& trial, std::int64_t epochs, std::int64_t threads) const;

  const TuneSpace& space_;
  const Split& split_;
  std::function<void(const TrialResult&)> found_;
  std::vector<TrialResult> results_;
};

/// Default and trial, each trained with the seeds seed + 1 … seed + 5 on the split's training rows and judged on its
/// test rows. Nothing where a training diverged or was interrupted.
std::optional<TuneGain> measure_gain(const TuneSpace& space, const Trial& trial, const Split& split);

}  // namespace pellucid
