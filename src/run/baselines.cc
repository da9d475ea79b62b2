// Computes the two baselines. Not here: the training of the run itself (train.cc).
#include "run/baselines.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/text.h"
#include "run/prediction_cost.h"
#include "trainings/train_once.h"

namespace pellucid {
namespace {

// Enough steps for a linear model to converge, and few compared with a normal training.
constexpr std::int64_t most_steps = 4000;

std::int32_t label_of(const Dataset& data, std::int64_t row, std::int64_t target) {
  return data.has_labels() ? data.label(row) : static_cast<std::int32_t>(data.value(row, target));
}

// Predicts the most frequent class, with the frequencies of the classes as probabilities.
TargetEvaluation always_class(const Split& split, std::int64_t target) {
  TargetEvaluation said;
  said.class_names = split.preprocessor.targets[static_cast<std::size_t>(target)].classes;
  std::vector<double> shares(said.class_names.size());
  for (std::int64_t r = 0; r < split.train.rows(); ++r)
    ++shares[static_cast<std::size_t>(label_of(split.train, r, target))];
  for (double& share : shares) share /= static_cast<double>(split.train.rows());
  for (std::int64_t r = 0; r < split.test.rows(); ++r) {
    said.truth_labels.push_back(label_of(split.test, r, target));
    said.probabilities.insert(said.probabilities.end(), shares.begin(), shares.end());
  }
  said.classes = score(said.class_predictions());
  return said;
}

double mean_of(const Dataset& data, std::int64_t target, const FittedTarget& by) {
  double mean = 0;
  for (std::int64_t r = 0; r < data.rows(); ++r) mean += by.of_net(data.value(r, target));
  return mean / static_cast<double>(data.rows());
}

TargetEvaluation always_value(const Split& split, std::int64_t target, double value) {
  TargetEvaluation said;
  const FittedTarget& by = split.preprocessor.targets[static_cast<std::size_t>(target)];
  for (std::int64_t r = 0; r < split.test.rows(); ++r) {
    said.truth_values.push_back(by.of_net(split.test.value(r, target)));
    said.predicted_values.push_back(value);
  }
  said.values = score(said.value_predictions());
  return said;
}

// For each feature that a Block stores as a number (not as a one-hot code): the bound of its squashing, 0 if it is not
// squashed.
std::vector<double> bounds_of(const Preprocessor& by) {
  std::vector<double> bounds;
  for (const FittedColumn& column : by.columns) {
    if (column.is_one_hot()) continue;  // stored as codes
    if (const DateColumn* const date = column.date()) {
      for (const DateColumn::Part& part : date->parts) bounds.push_back(part.scale.squash);
      continue;
    }
    const NumberScale* const scale = column.scale();  // null for an index of categories
    const std::int64_t numbers = column.features - (column.indicator ? 1 : 0);
    bounds.insert(bounds.end(), static_cast<std::size_t>(numbers), scale == nullptr ? 0 : scale->squash);
  }
  return bounds;
}

// If large numbers are squashed, the features are no longer linear in the columns. Returns the split with the features
// before squashing, x / √(1 − (x / bound)²); nothing if no feature is squashed.
std::optional<Split> straightened(const Split& split) {
  // smallest distance to 1: closer to the bound, a float no longer determines the original value
  constexpr double nearest = 1e-6;
  const std::vector<double> bounds = bounds_of(split.preprocessor);
  if (std::none_of(bounds.begin(), bounds.end(), [](double bound) { return bound > 0; })) return std::nullopt;
  const auto block = std::make_shared<Block>(split.train.features());
  for (std::size_t i = 0; i < block->floats.size(); ++i) {
    float& x = block->floats[i];
    const double bound = bounds[i % bounds.size()], share = bound > 0 ? x / bound : 0;
    x = static_cast<float>(x / std::sqrt(std::max(nearest, 1 - share * share)));
  }
  Split result = split;
  for (Dataset* part : {&result.train, &result.validation, &result.test}) {
    if (!part->empty()) *part = part->with_features(block);
  }
  return result;
}

struct Attempt {
  TrainedOnce trained;
  double loss;  // mean loss on the rows that decide which attempt is best
  const Split* split;
};

// Returns nothing if the training diverged or was cancelled.
std::optional<Attempt> attempt(const Split& split, const Model& net, const FitOptions& options) {
  const Dataset& choosing = split.validation.empty() ? split.train : split.validation;
  TrainedOnce trained = train_once(net, split, options, {.cancel = options.cancel, .judged = &choosing});
  if (!trained.evaluation) return std::nullopt;
  const double loss = trained.evaluation->loss;
  return Attempt{std::move(trained), loss, &split};
}

}  // namespace

Evaluation constant_evaluation(const Split& split) {
  Evaluation evaluation;
  for (const FittedTarget& target : split.preprocessor.targets) {
    const auto at = static_cast<std::int64_t>(evaluation.targets.size());
    evaluation.targets.push_back(split.preprocessor.is_classification()
                                     ? always_class(split, at)
                                     : always_value(split, at, mean_of(split.train, at, target)));
  }
  return evaluation;
}

Baselines constant_baseline(const Evaluation& constant) {
  Baselines baselines;
  for (const TargetEvaluation& target : constant.targets) {
    if (target.classes) {
      baselines.constant_answers.push_back(target.class_names[static_cast<std::size_t>(target.predicted_class(0))]);
      baselines.constant_scores.push_back(target.classes->accuracy);
    } else {
      baselines.constant_answers.push_back(fmt::format("{:.6g}", target.predicted_values.front()));
      baselines.constant_scores.push_back(target.values->rmse);
    }
  }
  baselines.constant = constant.score();
  return baselines;
}

std::optional<LinearBaseline> linear_baseline(const Split& split, const Model& net, FitOptions options,
                                              const std::function<void(Model&, const Split&)>& finish) {
  const auto begin = std::chrono::steady_clock::now();
  const std::int64_t steps =
      1 + std::max<std::int64_t>(0, split.train.rows() - 1) / std::max<std::int64_t>(1, options.batch_size);
  options.epochs = std::min(options.epochs, std::max<std::int64_t>(5, most_steps / steps));
  const std::optional<Split> straight = straightened(split);
  std::optional<Attempt> best;
  const auto try_both = [&] {
    for (const Split* seen : {&split, straight ? &*straight : nullptr}) {
      std::optional<Attempt> next = seen == nullptr ? std::nullopt : attempt(*seen, net, options);
      if (next && (!best || next->loss < best->loss)) best = std::move(next);
    }
  };
  try_both();
  if (const double rate = options.optimizer.learning_rate(); rate > 0) {
    options.optimizer.set_learning_rate(10 * rate);
    try_both();
  }
  if (!best || (options.cancel != nullptr && options.cancel->load())) return std::nullopt;
  if (finish) finish(best->trained.model, *best->split);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  return LinearBaseline{evaluate(best->trained.model, best->split->test), time.count(),
                        microseconds_per_row(best->trained.model, best->split->test)};
}

}  // namespace pellucid
