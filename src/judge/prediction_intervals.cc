// Split conformal prediction: scores of validation rows, intervals and sets from their quantiles, coverage.
// Not here: the quantiles (src/metrics/conformal_scores.cc), when they are made (src/run/train.cc).
#include "pellucid/prediction_intervals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "judge/judge.h"
#include "judge/output_reader.h"
#include "model/match.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"

namespace pellucid {
namespace {

double score_of(OutputReader& reader, const Dataset& rows, std::int64_t row, std::size_t target) {
  if (reader.targets()[target].classes == 0) {
    return std::abs(reader.true_net_value(rows, row, target) - reader.net_value(target));
  }
  const auto truth = static_cast<std::size_t>(reader.true_class(rows, row, target));
  return 1 - reader.probabilities(target)[truth];
}

[[noreturn]] void refuse_level(double level, std::int64_t rows) {
  const auto percent = [](double share) { return number_text(std::round(share * 1e6) / 1e4) + " %"; };
  const std::int64_t least = ConformalScores::least_rows(level);
  const double highest = std::floor(static_cast<double>(rows) / static_cast<double>(rows + 1) * 1e3) / 1e3;
  throw Error("D43",
              fmt::format("intervals of {} need {}, and the model was trained with {}", percent(level),
                          plural(least, "validation row"), count_text(rows)),
              {setting_hint("interval", number_text(highest)) + " is the highest level of this model"});
}

}  // namespace

template <class T>
void fit_intervals(BasicModel<T>& model, const Dataset& rows, View<const T> outputs) {
  if (rows.empty()) throw Error("D17", "there are no rows to make prediction intervals from");
  const Loss loss = recorded_loss(model, rows);
  require_match(model, rows, loss);
  if (outputs.rows != rows.rows() || outputs.columns != model.output_shape().elements()) {
    throw Error("U20", fmt::format("{} × {} outputs for {} rows of {} outputs", outputs.rows, outputs.columns,
                                   rows.rows(), model.output_shape().elements()));
  }
  OutputReader reader(model, rows, loss, OutputSource::prediction);
  std::vector<std::vector<double>> scores(reader.targets().size());
  for (std::int64_t r = 0; r < outputs.rows; ++r) {
    reader.read<T>({outputs.row(r), static_cast<std::size_t>(outputs.columns)});
    for (std::size_t t = 0; t < scores.size(); ++t) scores[t].push_back(score_of(reader, rows, r, t));
  }
  model.conformal.clear();
  for (std::vector<double>& one : scores) model.conformal.emplace_back(std::move(one));
}

template <class T>
void fit_intervals(BasicModel<T>& model, const Dataset& rows, std::int64_t threads) {
  if (rows.empty()) throw Error("D17", "there are no rows to make prediction intervals from");
  const Tensor<T> outputs = finite_outputs(model, rows, threads);
  fit_intervals(model, rows, outputs.view());
}

PredictionIntervals::PredictionIntervals(const Model& model, double level)
    : level_(level), threshold_(model.threshold) {
  if (!(level > 0 && level < 1)) {
    const double share = level > 1 && level < 100 ? level / 100 : 0.9;
    throw Error("U12", "the level of an interval is a number between 0 and 1, got " + number_text(level),
                {"write " + setting_hint("interval", number_text(share))});
  }
  const OutputReader reader = OutputReader::of_table_model(model);
  if (model.conformal.empty() || model.conformal.size() != reader.targets().size()) {
    throw Error("D43",
                "the model has no prediction intervals: it was trained without validation rows, or by an "
                "earlier version of pellucid",
                {"train it again; `pellucid train` sets rows aside for validation unless told otherwise"});
  }
  for (std::size_t t = 0; t < model.conformal.size(); ++t) {
    const std::optional<double> quantile = model.conformal[t].quantile(level);
    if (!quantile) refuse_level(level, model.conformal[t].rows());
    targets_.push_back({reader.targets()[t].fitted, *quantile});
  }
}

const PredictionIntervals::Part& PredictionIntervals::part(std::size_t target, bool of_classes) const {
  if (target >= targets_.size()) {
    throw Error("U20", fmt::format("there is no target {}; the model has {}", target, targets_.size()));
  }
  const Part& part = targets_[target];
  if (part.fitted.classes.empty() == of_classes) {
    throw Error("U20", fmt::format("the target {} {}", quote(part.fitted.name),
                                   of_classes ? "is a number, and sets are for classes"
                                              : "has classes, and intervals are for numbers"));
  }
  return part;
}

Interval PredictionIntervals::of(std::size_t target, double prediction) const {
  const auto& [fitted, quantile] = part(target, false);
  const double middle = fitted.for_net(prediction);
  // The way to the model's scale and back may lose the last digit.
  return {std::min(prediction, fitted.of_net(middle - quantile)),
          std::max(prediction, fitted.of_net(middle + quantile))};
}

bool PredictionIntervals::contains(std::size_t target, std::span<const double> probabilities,
                                   std::int32_t which) const {
  return 1 - probabilities[static_cast<std::size_t>(which)] <= part(target, true).quantile ||
         which == predicted_class(probabilities, threshold_);
}

std::vector<IntervalCoverage> interval_coverage(const Model& model, const Evaluation& evaluation, double level) {
  const PredictionIntervals intervals(model, level);
  if (evaluation.targets.size() != model.conformal.size()) {
    throw Error("U20", "the evaluation is not of this model: the numbers of targets differ");
  }
  std::vector<IntervalCoverage> result;
  for (std::size_t t = 0; t < evaluation.targets.size(); ++t) {
    const TargetEvaluation& target = evaluation.targets[t];
    const std::int64_t rows = target.rows();
    if (rows == 0) throw Error("D17", "there are no rows to judge prediction intervals by");
    std::int64_t inside = 0;
    double sizes = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto at = static_cast<std::size_t>(r);
      if (target.values) {
        const Interval interval = intervals.of(t, target.predicted_values[at]);
        inside += interval.low <= target.truth_values[at] && target.truth_values[at] <= interval.high ? 1 : 0;
        sizes += interval.high - interval.low;
        continue;
      }
      const std::span<const double> p = target.probabilities_of(r);
      inside += intervals.contains(t, p, target.truth_labels[at]) ? 1 : 0;
      for (std::int32_t c = 0; c < static_cast<std::int32_t>(p.size()); ++c) sizes += intervals.contains(t, p, c);
    }
    const auto n = static_cast<double>(rows);
    result.push_back({level, model.conformal[t].rows(), static_cast<double>(inside) / n, sizes / n});
  }
  return result;
}

#define PELLUCID_FIT_INTERVALS(T)                                            \
  template void fit_intervals(BasicModel<T>&, const Dataset&, std::int64_t); \
  template void fit_intervals(BasicModel<T>&, const Dataset&, View<const T>);
PELLUCID_FIT_INTERVALS(float)
PELLUCID_FIT_INTERVALS(double)
#undef PELLUCID_FIT_INTERVALS

}  // namespace pellucid
