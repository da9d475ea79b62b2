// Seeds and folds one after the other. Not here: what is said about them (the program).
#include "run/repeats.h"

#include "pellucid/error.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "recipe/probabilities.h"

namespace pellucid {
namespace {

RepeatRecord record_of(std::int64_t fold, std::uint64_t seed, const Evaluation& test, const History& history) {
  const std::int64_t epochs = history.epochs.empty() ? 0 : history.epochs.back().epoch;
  return {seed, fold, test.score(), test.loss, history.best_epoch, epochs, history.seconds};
}

bool is_cancelled(const FitOptions& options) {
  return options.cancel != nullptr && options.cancel->load();
}

}  // namespace

void train_again(Events& events, const TrainTable& data, const Recipe& recipe, FitOptions options, RunResult& result) {
  const bool folds = recipe.training.folds > 0;
  result.repeats.push_back(record_of(folds ? 1 : 0, result.seed, *result.test, result.history));
  options.observers.clear();
  options.health = false;
  options.checkpoint = nullptr;
  options.resume.reset();
  const std::int64_t trainings = folds ? recipe.training.folds : recipe.training.repeat;
  for (std::int64_t n = 1; n < trainings && !is_cancelled(options); ++n) {
    events.on_training(n + 1, trainings);
    options.seed = result.seed + static_cast<std::uint64_t>(folds ? 0 : n);
    const Split split = make_split(data, recipe, options.seed, folds ? n : 0);
    Model model = make_model(recipe, split.preprocessor);
    model.build(split.train.row_shape(), options.seed);
    try {
      const History history = fit(model, split, options);
      settle_probabilities(model, recipe, split);
      if (is_cancelled(options)) return;
      result.repeats.push_back(record_of(folds ? n + 1 : 0, options.seed, evaluate(model, split.test), history));
    } catch (const Error& error) {
      if (error.code() != "N01") throw;
      events.on_left_out({.seed = options.seed, .fold = folds ? n + 1 : 0}, error);
    }
  }
}

}  // namespace pellucid
