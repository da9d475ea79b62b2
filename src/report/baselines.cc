// The two baselines. Not here: the run's own training.
#include "report/baselines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// Long enough for a linear net to settle, short beside the real training.
constexpr std::int64_t most_steps = 4000;

double share_of(const Dataset& data, std::int32_t label) {
  std::int64_t hits = 0;
  for (std::int64_t r = 0; r < data.rows(); ++r) hits += data.label(r) == label ? 1 : 0;
  return static_cast<double>(hits) / static_cast<double>(data.rows());
}

std::int32_t most_frequent(const Dataset& data) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(data.targets().classes));
  for (std::int64_t r = 0; r < data.rows(); ++r) ++counts[static_cast<std::size_t>(data.label(r))];
  return static_cast<std::int32_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

struct Attempt {
  Model model;
  double loss;  // of the rows that choose
};

// Empty where training diverged.
std::optional<Attempt> attempt(const Split& split, const Model& net, const FitOptions& options) {
  Attempt result{.model = net, .loss = 0};
  try {
    fit(result.model, split, options);
  } catch (const Error& error) {
    if (error.code() == "N01") return std::nullopt;
    throw;
  }
  result.loss = evaluate(result.model, split.validation.empty() ? split.train : split.validation).loss;
  return result;
}

}  // namespace

Baselines constant_baseline(const Split& split) {
  Baselines baselines;
  if (split.preprocessor.is_classification()) {
    const std::int32_t label = most_frequent(split.train);
    baselines.constant_answer = split.preprocessor.classes[static_cast<std::size_t>(label)];
    baselines.constant = share_of(split.test, label);
    return baselines;
  }
  const auto value = [&](const Dataset& rows, std::int64_t r) {
    return split.preprocessor.target_of_net(rows.value(r));
  };
  double mean = 0, squares = 0;
  for (std::int64_t r = 0; r < split.train.rows(); ++r) mean += value(split.train, r);
  mean /= static_cast<double>(split.train.rows());
  for (std::int64_t r = 0; r < split.test.rows(); ++r) {
    squares += (value(split.test, r) - mean) * (value(split.test, r) - mean);
  }
  baselines.constant_answer = fmt::format("{:.6g}", mean);
  baselines.constant = std::sqrt(squares / static_cast<double>(split.test.rows()));
  return baselines;
}

std::optional<double> linear_baseline(const Split& split, const Model& net, FitOptions options,
                                      const std::function<void(Model&)>& finish) {
  const std::int64_t steps =
      (split.train.rows() + options.batch_size - 1) / std::max<std::int64_t>(1, options.batch_size);
  options.epochs = std::clamp<std::int64_t>(most_steps / std::max<std::int64_t>(1, steps), 5, options.epochs);
  options.observer = nullptr;
  options.health = false;
  options.checkpoint = nullptr;
  options.resume.reset();
  options.keep.clear();
  std::optional<Attempt> best = attempt(split, net, options);
  if (const double rate = options.optimizer.learning_rate(); rate > 0) {
    options.optimizer.set_learning_rate(10 * rate);
    std::optional<Attempt> bold = attempt(split, net, options);
    if (bold && (!best || bold->loss < best->loss)) best = std::move(bold);
  }
  if (!best || (options.cancel != nullptr && options.cancel->load())) return std::nullopt;
  if (finish) finish(best->model);
  const Evaluation evaluation = evaluate(best->model, split.test);
  if (evaluation.classes) return evaluation.classes->accuracy;
  return evaluation.values ? std::optional(evaluation.values->rmse) : std::nullopt;
}

}  // namespace pellucid
