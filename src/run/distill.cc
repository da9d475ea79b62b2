// Trains the small net and its comparison. Not here: the training itself (trainings/train_once.h).
#include "run/distill.h"

#include <algorithm>

#include "pellucid/prediction_intervals.h"
#include "recipe/build.h"
#include "run/made_up_rows.h"
#include "run/prediction_cost.h"
#include "trainings/train_once.h"

namespace pellucid {
namespace {

// Measured in docs/distill.md. Made-up rows, because a model of few rows has almost learned them by heart, so that its
// predictions for them say little more than their targets do.
constexpr std::int64_t made_up_per_row = 8, most_made_up = 100000;
constexpr double more_steps = 3;  // than the model was trained with
constexpr double slower = 0.3;    // the factor on its learning rate
constexpr std::int64_t least_epochs = 10;

// What the loss of the small net reads: probabilities, or numbers on the scale of the training.
Dataset with_predictions(const Dataset& rows, const Model& teacher, std::int64_t threads) {
  if (rows.empty()) return rows;
  LargeVector<float> numbers;
  if (rows.is_classification()) {
    const Tensor<double> probabilities = predict_proba(teacher, rows, threads);
    numbers.assign(probabilities.values().begin(), probabilities.values().end());
  } else {
    const Tensor<float> outputs = teacher.predict(rows, threads);
    numbers.assign(outputs.values().begin(), outputs.values().end());
  }
  return rows.with_soft_targets(std::move(numbers));
}

// The settings of the run, but for what makes its model large or repeats it.
Recipe small_recipe(Recipe recipe) {
  const std::vector<std::int64_t>& units = recipe.model.distill.value();
  recipe.model.hidden = std::vector<HiddenLayer>(units.begin(), units.end());
  recipe.model.number_embedding = NumberEmbedding::none;
  recipe.model.dropout = 0;
  recipe.model.dropout_schedule = FactorSchedule::constant;
  return recipe;
}

// For soft targets, which need no smoothing, and by which the best epoch is found: they are less noisy than labels.
FitOptions options_to_learn(const Recipe& recipe, const Split& split, std::int64_t rows) {
  FitOptions options = make_fit_options(recipe);
  const Loss& loss = *options.loss;
  if (loss.kind().from_logits) options.loss = Loss(loss.kind(), {loss.reduction()});
  options.best_by = BestBy::loss;
  options.patience = 0;
  const double times = static_cast<double>(rows) / static_cast<double>(split.train.rows());
  const double epochs = more_steps * static_cast<double>(options.epochs) / times;
  options.epochs = std::max(least_epochs, static_cast<std::int64_t>(epochs));
  if (const double rate = options.optimizer.learning_rate(); rate > 0)
    options.optimizer.set_learning_rate(slower * rate);
  return options;
}

TrainedOnce train_on(const Dataset& rows, const Run& run, const Recipe& recipe, const OnceOptions& once) {
  Split split = run.split;
  split.train = with_predictions(rows, run.model, run.fit_options.threads);
  split.validation = with_predictions(split.validation, run.model, run.fit_options.threads);
  return train_once(make_model(recipe, split.preprocessor), split, options_to_learn(recipe, run.split, rows.rows()),
                    once);
}

// Trained without and with made-up rows. They help where rows are few, and harm where columns depend on each other, as
// latitude and longitude do: the true targets of the validation rows decide.
TrainedOnce train_small(const Run& run, const Recipe& recipe, const OnceOptions& once) {
  const Dataset &rows = run.split.train, &judging = run.split.validation;
  TrainedOnce plain = train_on(rows, run, recipe, once);
  if (!plain.is_complete() || judging.empty()) return plain;
  const std::int64_t count = std::min(made_up_per_row * rows.rows(), most_made_up);
  const Dataset more = with_made_up_rows(rows, run.split.preprocessor, count, run.seed);
  if (more.rows() == rows.rows()) return plain;
  TrainedOnce mixed = train_on(more, run, recipe, once);
  const auto loss = [&](const TrainedOnce& net) { return evaluate(net.model, judging, run.fit_options.threads).loss; };
  return mixed.cancelled || (mixed.is_complete() && loss(mixed) < loss(plain)) ? mixed : plain;
}

}  // namespace

std::optional<Error> distill(Run& run, const std::atomic<bool>* cancel) {
  const Recipe recipe = small_recipe(run.recipe);
  const OnceOptions once{.cancel = cancel, .calibrate = &recipe, .judged = &run.split.test};
  TrainedOnce small = train_small(run, recipe, once);
  if (!small.is_complete()) return small.diverged;
  const TrainedOnce alone =
      train_once(make_model(recipe, run.split.preprocessor), run.split, make_fit_options(recipe), once);
  if (alone.cancelled) return std::nullopt;
  if (!run.split.validation.empty()) fit_intervals(small.model, run.split.validation, run.fit_options.threads);
  if (recipe.run.no_test_rows) make_up_test_rows(small.model, run.seed);
  Distilled& record = run.distilled.emplace();
  record.hidden = run.recipe.model.distill.value();
  record.test = std::move(small.evaluation);
  if (alone.evaluation) record.alone_score = alone.evaluation->score();
  record.made_up_rows = small.model.training->train_rows - run.split.train.rows();
  record.parameters = small.model.parameter_count();
  record.multiplications = multiplications_per_row(small.model);
  record.model_multiplications = multiplications_per_row(run.model);
  record.microseconds = microseconds_per_row(small.model, run.split.train);
  record.model_microseconds = microseconds_per_row(run.model, run.split.train);
  run.small = std::move(small.model);
  return std::nullopt;
}

}  // namespace pellucid
