// Trains with further seeds or on further folds, one after the other. Not here: displaying the results (the program).
#include "run/repeats.h"

#include "recipe/data.h"
#include "trainings/train_once.h"

namespace pellucid {
namespace {

RepeatRecord record_of(std::int64_t fold, std::uint64_t seed, const Evaluation& test, const History& history) {
  const std::int64_t epochs = history.epochs.empty() ? 0 : history.epochs.back().epoch;
  return {seed, fold, test.score(), test.loss, history.best_epoch, epochs, history.seconds};
}

}  // namespace

void train_again(Events& events, const TrainTable& data, const Recipe& recipe, const FitOptions& options,
                 RunResult& result) {
  const bool folds = recipe.training.folds > 0;
  result.repeats.push_back(record_of(folds ? 1 : 0, result.seed, *result.test, result.history));
  const auto is_cancelled = [&] { return options.cancel != nullptr && options.cancel->load(); };
  const std::int64_t trainings = folds ? recipe.training.folds : recipe.training.repeat;
  for (std::int64_t n = 1; n < trainings && !is_cancelled(); ++n) {
    events.on_training(n + 1, trainings);
    const std::uint64_t seed = result.seed + static_cast<std::uint64_t>(folds ? 0 : n);
    const Split split = make_split(data, recipe, seed, folds ? n : 0);
    const TrainedOnce trained = train_once(
        recipe, split, {.seed = seed, .cancel = options.cancel, .calibrate = &recipe, .judged = &split.test});
    const std::int64_t fold = folds ? n + 1 : 0;
    if (trained.diverged) events.on_left_out({.seed = seed, .fold = fold}, *trained.diverged);
    if (trained.evaluation) result.repeats.push_back(record_of(fold, seed, *trained.evaluation, trained.history));
  }
}

}  // namespace pellucid
