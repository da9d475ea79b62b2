// Any metric of an evaluation by its name, over all targets, with its confidence interval where there is one.
// Not here: the metrics themselves (src/metrics), the score that every evaluation has (evaluation.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "kernels/scalar_math.h"
#include "pellucid/error.h"
#include "pellucid/evaluation.h"

namespace pellucid {
namespace {

MetricKind kind_of(std::string_view name) {
  const std::vector<MetricKind> kinds = metric_kinds();
  const auto found = std::ranges::find(kinds, name, &MetricKind::name);
  if (found != kinds.end()) return *found;
  throw Error("U11", "no metric " + quote(std::string(name)));
}

// The standard error of an AUC A: the variance of a pair, and of pairs that share a row, for scores that are
// distributed exponentially.
Interval auc_interval(const TargetEvaluation& target, double auc) {
  const auto ones = static_cast<double>(std::ranges::count(target.truth_labels, 1));
  const double zeros = static_cast<double>(target.rows()) - ones;
  const double q1 = auc / (2 - auc), q2 = 2 * auc * auc / (1 + auc);
  const double variance =
      (auc * (1 - auc) + (ones - 1) * (q1 - auc * auc) + (zeros - 1) * (q2 - auc * auc)) / (ones * zeros);
  constexpr double z = 1.959963984540054;  // 95 % of a normal distribution lies within ±z
  const double half = z * std::sqrt(std::max(0.0, variance));
  return {std::max(0.0, auc - half), std::min(1.0, auc + half)};
}

// −ln p of the true class, the mean over the targets; or |error| of the only target.
std::vector<double> losses_of_rows(const Evaluation& evaluation) {
  std::vector<double> losses(static_cast<std::size_t>(evaluation.rows()));
  for (const TargetEvaluation& target : evaluation.targets) {
    for (std::size_t r = 0; r < losses.size(); ++r) {
      if (target.values) {
        losses[r] += std::abs(target.predicted_values[r] - target.truth_values[r]);
      } else {
        const auto truth = static_cast<std::size_t>(target.truth_labels[r]);
        losses[r] -= math::log(std::clamp(target.probabilities_of(static_cast<std::int64_t>(r))[truth], 1e-15, 1.0));
      }
    }
  }
  for (double& loss : losses) loss /= static_cast<double>(evaluation.targets.size());
  return losses;
}

}  // namespace

double metric_of(const TargetEvaluation& target, std::string_view name) {
  const MetricKind metric = kind_of(name);
  if (target.classes && metric.of_classes != nullptr) return metric.of_classes(*target.classes);
  if (target.values && metric.of_values != nullptr) return metric.of_values(*target.values);
  throw Error("U02", fmt::format("{} is a metric of {}", metric.name, metric.task));
}

double metric_of(const Evaluation& evaluation, std::string_view name) {
  double sum = 0;
  for (const TargetEvaluation& target : evaluation.targets) sum += metric_of(target, name);
  return sum / static_cast<double>(evaluation.targets.size());
}

std::optional<Interval> metric_interval(const Evaluation& evaluation, std::string_view name, std::uint64_t seed) {
  const double value = metric_of(evaluation, name);
  if (name == name_of(evaluation.kind())) return evaluation.interval(seed);
  const TargetEvaluation& first = evaluation.targets.front();
  const bool one = evaluation.targets.size() == 1;
  if (name == "log_loss" || (name == "mae" && one)) return bootstrap_mean(losses_of_rows(evaluation), seed);
  if (name == "r2" && one) {
    const ValuePredictions only = first.value_predictions();
    return bootstrap_r2({&only, 1}, seed);
  }
  const bool auc_of_two = name == "roc_auc" && one && first.class_names.size() == 2 && !std::isnan(value);
  if (auc_of_two) return auc_interval(first, value);
  return std::nullopt;
}

}  // namespace pellucid
