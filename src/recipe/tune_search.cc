// Jobs on threads: who trains what depends on the machine, what comes out does not.
// Not here: the course of one training (the library's fit).
#include "recipe/tune_search.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "core/team.h"
#include "recipe/train_once.h"

namespace pellucid {
namespace {

// Calls job(0) … job(jobs − 1), some at a time. The first exception ends it and is thrown on.
void in_parallel(std::size_t jobs, std::int64_t threads, const std::function<void(std::size_t)>& job) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr problem;
  std::mutex guard;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs; i = next++) {
      try {
        job(i);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!problem) problem = std::current_exception();
        next = jobs;
      }
    }
  };
  std::vector<std::thread> others;
  const auto wanted = std::min(static_cast<std::size_t>(threads), jobs);
  for (std::size_t t = 1; t < wanted; ++t) others.emplace_back(work);
  work();
  for (std::thread& thread : others) thread.join();
  if (problem) std::rethrow_exception(problem);
}

bool is_cancelled(const TuneSpace& space) {
  return space.cancel != nullptr && space.cancel->load(std::memory_order_relaxed);
}

// Passes results on in order of their jobs, as early as that allows.
class InOrder {
 public:
  explicit InOrder(const std::function<void(const TrialResult&)>& found) : found_(found) {}

  void add(std::size_t job, std::optional<TrialResult> result) {
    const std::lock_guard lock(guard_);
    waiting_.emplace(job, std::move(result));
    for (auto at = waiting_.find(next_); at != waiting_.end(); at = waiting_.find(++next_)) {
      if (at->second) {
        done.push_back(*at->second);
        found_(done.back());
      }
      waiting_.erase(at);
    }
  }
  std::vector<TrialResult> done;

 private:
  const std::function<void(const TrialResult&)>& found_;
  std::mutex guard_;
  std::map<std::size_t, std::optional<TrialResult>> waiting_;
  std::size_t next_ = 0;
};

std::optional<Evaluation> judged(const TuneSpace& space, const Trial& trial, const Split& split, std::uint64_t seed,
                                 std::int64_t threads) {
  const Recipe settings = space.settings(trial, space.epochs());
  return train_once(
             settings, split,
             {.seed = seed, .threads = threads, .cancel = space.cancel, .calibrate = &settings, .judged = &split.test})
      .evaluation;
}

}  // namespace

std::int64_t usable_threads(const Recipe& settings) {
  return settings.training.threads > 0 ? settings.training.threads : usable_cpus();
}

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
  InOrder order(found_);
  in_parallel(trials.size(), threads, [&](std::size_t i) {
    order.add(i, late() || is_cancelled(space_) ? std::nullopt : train(trials[i], epochs, each));
  });
  results_.insert(results_.end(), order.done.begin(), order.done.end());
  return order.done;
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
  in_parallel(judgements.size(), usable_threads(space.base()), [&](std::size_t i) {
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
