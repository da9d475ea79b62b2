// The course of one training that nobody watches. Not here: its parts (build.h, trainer.h, probabilities.h).
#include "recipe/train_once.h"

#include "recipe/build.h"
#include "recipe/probabilities.h"

namespace pellucid {

TrainedOnce train_once(const Recipe& recipe, const Split& split, const OnceOptions& options) {
  return train_once(make_model(recipe, split.preprocessor), split, make_fit_options(recipe), options);
}

TrainedOnce train_once(Model net, const Split& split, FitOptions fit_options, const OnceOptions& options) {
  fit_options.observers.clear();
  fit_options.keep.clear();
  fit_options.health = false;
  fit_options.checkpoint = nullptr;
  fit_options.resume.reset();
  fit_options.seed = options.seed.value_or(fit_options.seed);
  fit_options.threads = options.threads.value_or(fit_options.threads);
  fit_options.cancel = options.cancel;
  TrainedOnce result{.model = std::move(net), .history = {}};
  require_training_memory(result.model, split.train, split.validation, fit_options);
  result.model.build(split.train.row_shape(), fit_options.seed);
  set_edges(result.model, split.train);
  set_first_weights(result.model, split.train, fit_options.seed);
  try {
    result.history = fit(result.model, split, fit_options);
  } catch (const Error& error) {
    if (error.code() != "N01") throw;
    result.diverged = error;
    return result;
  }
  result.cancelled = options.cancel != nullptr && options.cancel->load(std::memory_order_relaxed);
  if (result.cancelled) return result;
  if (options.calibrate != nullptr) settle_probabilities(result.model, *options.calibrate, split);
  if (options.judged != nullptr && !options.judged->empty()) {
    result.evaluation = evaluate(result.model, *options.judged, fit_options.threads);
  }
  return result;
}

}  // namespace pellucid
