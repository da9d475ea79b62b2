// Seeds and folds one after the other. Not here: what is said of them (result_block.cc).
#include "app/repeats.h"

#include <fmt/format.h>

#include "app/cli/interrupt.h"
#include "pellucid/error.h"
#include "recipe/build.h"
#include "recipe/probabilities.h"

namespace pellucid::app {
namespace {

void add_record(RunResult& result, bool folds, std::int64_t n, std::uint64_t seed, const Evaluation& test,
                const History& history) {
  const std::int64_t epochs = history.epochs.empty() ? 0 : history.epochs.back().epoch;
  result.repeats.push_back(
      {seed, folds ? n + 1 : 0, test.score(), test.loss, history.best_epoch, epochs, history.seconds});
}

}  // namespace

// Each seed has its own split, first weights and shuffles.
void train_again(Reporter& reporter, const TrainTable& data, const Recipe& settings, FitOptions options,
                 RunResult& result) {
  const bool folds = settings.training.folds > 0;
  add_record(result, folds, 0, result.seed, *result.test, result.history);
  options.observers = {};
  options.health = false;
  options.checkpoint = nullptr;
  options.resume.reset();
  const std::int64_t trainings = folds ? settings.training.folds : settings.training.repeat;
  for (std::int64_t n = 1; n < trainings && interrupt_status() == 0; ++n) {
    reporter.terminal().live_line(fmt::format("training {} of {}", n + 1, trainings));
    options.seed = result.seed + static_cast<std::uint64_t>(folds ? 0 : n);
    const Split split = make_split(data, settings, options.seed, folds ? n : 0);
    Model model = make_model(settings, split.preprocessor);
    model.build(split.train.row_shape(), options.seed);
    try {
      const History history = fit(model, split, options);
      settle_probabilities(model, settings, split);
      if (interrupt_status() == 0) add_record(result, folds, n, options.seed, evaluate(model, split.test), history);
    } catch (const Error& error) {
      if (error.code() != "N01") throw;
      reporter.warn(fmt::format("{} is left out: {}",
                                folds ? fmt::format("fold {}", n + 1) : fmt::format("seed {}", options.seed),
                                error.what()));
    }
  }
}

}  // namespace pellucid::app
