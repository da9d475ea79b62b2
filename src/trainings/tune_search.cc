// Trains trials side by side, in rounds of successive halving.
// Not here: threads (side_by_side.h), the course of one training (train_once.h).
#include "trainings/tune_search.h"

#include <algorithm>
#include <atomic>

#include "trainings/side_by_side.h"
#include "trainings/train_once.h"

namespace pellucid {
namespace {

bool is_cancelled(const TuneSpace& space) {
  return space.cancel != nullptr && space.cancel->load(std::memory_order_relaxed);
}

std::optional<Evaluation> judged(const TuneSpace& space, const Trial& trial, const Split& split, std::uint64_t seed,
                                 std::int64_t threads) {
  const Recipe settings = space.settings(trial, space.epochs());
  return train_once(
             settings, split,
             {.seed = seed, .threads = threads, .cancel = space.cancel, .calibrate = &settings, .judged = &split.test})
      .evaluation;
}

}  // namespace

TuneSearch::TuneSearch(const TuneSpace& space, const Split& split, std::function<void(const TrialResult&)> found)
    : space_(space), split_(split), found_(std::move(found)) {}

ScoreKind TuneSearch::kind() const {
  return score_kind(split_.preprocessor.is_classification(), split_.preprocessor.targets.size());
}

std::optional<TrialResult> TuneSearch::train(const Trial& trial, std::int64_t epochs, std::int64_t threads) const {
  TrialResult result{trial, epochs, 0, {}, 0};
  const auto begin = Clock::now();
  const TrainedOnce trained =
      train_once(space_.settings(trial, epochs), split_, {.threads = threads, .cancel = space_.cancel});
  if (trained.cancelled) return std::nullopt;
  if (!trained.diverged) {
    const History& history = trained.history;
    result.best_epoch = history.best_epoch > 0 ? history.best_epoch : history.epochs.back().epoch;
    const EpochRecord& kept = history.epochs[static_cast<std::size_t>(result.best_epoch) - 1];
    result.score = {kept.validation_score, kept.validation_loss};
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return result;
}

std::vector<TrialResult> TuneSearch::run_rung(const std::vector<Trial>& trials, std::int64_t epochs,
                                              const std::function<bool()>& late) {
  const std::int64_t threads = usable_threads(space_.base());
  const std::int64_t each = std::max<std::int64_t>(1, threads / static_cast<std::int64_t>(trials.size()));
  std::vector<TrialResult> done;
  InOrder<std::optional<TrialResult>> order([&](std::size_t, std::optional<TrialResult> result) {
    if (!result) return;
    done.push_back(*std::move(result));
    found_(done.back());
  });
  side_by_side(trials.size(), threads, [&](std::size_t i) {
    order.add(i, late() || is_cancelled(space_) ? std::nullopt : train(trials[i], epochs, each));
  });
  results_.insert(results_.end(), done.begin(), done.end());
  return done;
}

void TuneSearch::run_standard() {
  run_rung({space_.standard()}, space_.epochs(), [] { return false; });
}

bool TuneSearch::run_halving(std::int64_t first, std::int64_t trials, const std::function<bool()>& late) {
  std::vector<Trial> going;
  for (std::int64_t i = 0; i < trials; ++i) going.push_back(space_.draw(first + i));
  for (const Rung& rung : halving_rungs(trials, space_.epochs())) {
    going.resize(std::min(going.size(), static_cast<std::size_t>(rung.trials)));
    const std::vector<TrialResult> done = run_rung(going, rung.epochs, late);
    if (done.size() < going.size()) return false;
    std::vector<TrialScore> scores;
    for (const TrialResult& result : done) scores.push_back(result.score);
    const std::vector<Trial> all = std::exchange(going, {});
    for (const std::size_t best : best_trials(scores, rung.trials, higher_is_better(kind()))) {
      going.push_back(all[best]);
    }
  }
  return true;
}

const TrialResult& TuneSearch::winner() const {
  std::vector<TrialScore> scores;
  for (const TrialResult& result : results_) {
    scores.push_back(result.epochs == space_.epochs() ? result.score : TrialScore{});
  }
  return results_[best_trials(scores, 1, higher_is_better(kind())).front()];
}

std::optional<TuneGain> measure_gain(const TuneSpace& space, const Trial& trial, const Split& split) {
  std::vector<std::optional<Evaluation>> judgements(2 * gain_seeds);
  side_by_side(judgements.size(), usable_threads(space.base()), [&](std::size_t i) {
    if (is_cancelled(space)) return;
    const auto seed = static_cast<std::uint64_t>(space.base().training.seed) + 1 + i / 2;
    judgements[i] = judged(space, i % 2 == 0 ? space.standard() : trial, split, seed, 1);
  });
  std::vector<Evaluation> standard, candidate;
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    if (!judgements[i]) return std::nullopt;
    (i % 2 == 0 ? standard : candidate).push_back(std::move(*judgements[i]));
  }
  return gain_over(standard, candidate);
}

}  // namespace pellucid
