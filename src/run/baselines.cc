// Computes the two baselines. Not here: the training of the run itself (train.cc).
#include "run/baselines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "trainings/train_once.h"

namespace pellucid {
namespace {

// Enough steps for a linear model to converge, and few compared with a normal training.
constexpr std::int64_t most_steps = 4000;

std::int32_t label_of(const Dataset& data, std::int64_t row, std::int64_t target) {
  return data.has_labels() ? data.label(row) : static_cast<std::int32_t>(data.value(row, target));
}

std::int32_t most_frequent(const Dataset& data, std::int64_t target, std::size_t classes) {
  std::vector<std::int64_t> counts(classes);
  for (std::int64_t r = 0; r < data.rows(); ++r) ++counts[static_cast<std::size_t>(label_of(data, r, target))];
  return static_cast<std::int32_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

TargetEvaluation always_class(const Split& split, std::int64_t target, std::int32_t label) {
  TargetEvaluation said;
  said.class_names = split.preprocessor.targets[static_cast<std::size_t>(target)].classes;
  const std::size_t classes = said.class_names.size();
  for (std::int64_t r = 0; r < split.test.rows(); ++r) {
    said.truth_labels.push_back(label_of(split.test, r, target));
    said.probabilities.resize(said.probabilities.size() + classes);
    said.probabilities[said.probabilities.size() - classes + static_cast<std::size_t>(label)] = 1;
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

Baselines constant_baseline(const Split& split) {
  Baselines baselines;
  Evaluation evaluation;
  for (const FittedTarget& target : split.preprocessor.targets) {
    const auto at = static_cast<std::int64_t>(evaluation.targets.size());
    if (split.preprocessor.is_classification()) {
      const std::int32_t label = most_frequent(split.train, at, target.classes.size());
      baselines.constant_answers.push_back(target.classes[static_cast<std::size_t>(label)]);
      evaluation.targets.push_back(always_class(split, at, label));
      baselines.constant_scores.push_back(evaluation.targets.back().classes->accuracy);
    } else {
      const double mean = mean_of(split.train, at, target);
      baselines.constant_answers.push_back(fmt::format("{:.6g}", mean));
      evaluation.targets.push_back(always_value(split, at, mean));
      baselines.constant_scores.push_back(evaluation.targets.back().values->rmse);
    }
  }
  baselines.constant = evaluation.score();
  return baselines;
}

std::optional<Evaluation> linear_baseline(const Split& split, const Model& net, FitOptions options,
                                          const std::function<void(Model&, const Split&)>& finish) {
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
  return evaluate(best->trained.model, best->split->test);
}

}  // namespace pellucid
