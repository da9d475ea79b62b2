// The course of one training as a part of something larger. Not here: its parts (build.h, trainer.h, probabilities.h).
#include "trainings/train_once.h"

#include "pellucid/prediction_intervals.h"
#include "recipe/build.h"
#include "recipe/presets.h"
#include "recipe/probabilities.h"
#include "trainings/members.h"

namespace pellucid {

namespace {

TrainedOnce members_once(Recipe recipe, const Split& split, const OnceOptions& options) {
  if (options.seed) recipe.training.seed = static_cast<std::int64_t>(*options.seed);
  TrainedMembers trained = train_members(recipe, split, {.threads = options.threads, .cancel = options.cancel});
  if (options.calibrate != nullptr) calibrate_members(trained, *options.calibrate);
  const ValidationOutputs& seen = trained.validation;
  if (options.intervals && !seen.rows.empty()) fit_intervals<float>(trained.model, seen.rows, seen.outputs.view());
  TrainedOnce result{.model = std::move(trained.model), .history = std::move(trained.history)};
  result.diverged = std::move(trained.diverged);
  result.cancelled = trained.cancelled;
  if (!result.is_complete()) return result;
  if (options.judged != nullptr && !options.judged->empty()) {
    result.evaluation = evaluate(result.model, *options.judged, options.threads.value_or(recipe.training.threads));
  }
  return result;
}

// Nobody sees this training; its last checkpoint goes to `last` if it is to be kept.
void leave_unwatched(FitOptions& fit_options, const OnceOptions& options, std::string& last) {
  fit_options.observers.clear();
  fit_options.keep.clear();
  fit_options.health = false;
  fit_options.resume = options.kept;
  fit_options.checkpoint = nullptr;
  if (!options.keep || options.kept) return;
  fit_options.checkpoint = [&last](const Checkpoint& state) {
    if (state.last) last = state();
  };
}

}  // namespace

TrainedOnce train_once(const Recipe& recipe, const Split& split, const OnceOptions& options) {
  if (trains_members(recipe)) return members_once(recipe, split, options);
  return train_once(make_model(recipe, split.preprocessor), split, make_fit_options(recipe), options);
}

TrainedOnce train_once(Model net, const Split& split, FitOptions fit_options, const OnceOptions& options) {
  std::string last;
  if (!options.watched) leave_unwatched(fit_options, options, last);
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
  if (!last.empty()) options.keep(last);
  if (options.calibrate != nullptr) settle_probabilities(result.model, *options.calibrate, split);
  if (options.intervals && !split.validation.empty()) {
    fit_intervals(result.model, split.validation, fit_options.threads);
  }
  if (options.judged != nullptr && !options.judged->empty()) {
    result.evaluation = evaluate(result.model, *options.judged, fit_options.threads);
  }
  return result;
}

}  // namespace pellucid
