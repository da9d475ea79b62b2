// What follows from an evaluation: its headline score with a confidence interval, the errors of its rows, its text.
// Not here: the predictions (evaluate.cc), the metrics (src/metrics), how the headline is defined (scorer.cc).
#include "pellucid/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "judge/scorer.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

const TargetEvaluation& first_of(const Evaluation& evaluation) {
  if (!evaluation.targets.empty()) return evaluation.targets.front();
  throw Error("U33", "this evaluation knows no predictions, only the loss: the model's own loss gives none",
              {"override LossFunction::predict in the loss"});
}

std::vector<TargetScore> target_scores(const Evaluation& evaluation) {
  std::vector<TargetScore> scores;
  for (const TargetEvaluation& target : evaluation.targets) {
    TargetScore& score = scores.emplace_back(TargetScore{.is_class = target.classes.has_value()});
    if (target.classes) score.right = target.classes->correct;
    if (target.values) score.rmse = target.values->rmse;
    if (target.values) score.r2 = target.values->r2;
  }
  return scores;
}

std::vector<ValuePredictions> all_values(const Evaluation& evaluation) {
  std::vector<ValuePredictions> all;
  for (const TargetEvaluation& target : evaluation.targets) all.push_back(target.value_predictions());
  return all;
}

void write(std::ostream& out, const TargetEvaluation& target, double loss) {
  if (target.classes) {
    const ClassificationScores& scores = *target.classes;
    const Interval interval = wilson_interval(scores.correct, scores.rows);
    out << fmt::format("{:.1f}% correct ({} of {}) · 95% interval {:.1f}-{:.1f}% · loss {:.3g}\n",
                       100 * scores.accuracy, scores.correct, scores.rows, 100 * interval.low, 100 * interval.high,
                       loss);
  }
  if (target.values) {
    out << fmt::format("RMSE {:.4g} · MAE {:.4g} · R² {:.4f} · {} rows\n", target.values->rmse, target.values->mae,
                       target.values->r2, target.values->rows);
  }
}

}  // namespace

std::span<const double> TargetPredictions::probabilities_of(std::int64_t row) const {
  const std::size_t count = class_names.size();
  if (row < 0 || (static_cast<std::size_t>(row) + 1) * count > probabilities.size()) {
    throw Error("U20", "there is no row " + std::to_string(row) + " with probabilities of " + name);
  }
  return {probabilities.data() + static_cast<std::size_t>(row) * count, count};
}

const std::string& TargetPredictions::class_name(std::int64_t row) const {
  if (row < 0 || static_cast<std::size_t>(row) >= classes.size()) {
    throw Error("U20", "there is no row " + std::to_string(row) + " with a class of " + name);
  }
  return class_names[static_cast<std::size_t>(classes[static_cast<std::size_t>(row)])];
}

std::int64_t TargetEvaluation::rows() const noexcept {
  return static_cast<std::int64_t>(truth_labels.empty() ? truth_values.size() : truth_labels.size());
}

std::span<const double> TargetEvaluation::probabilities_of(std::int64_t row) const {
  const std::size_t classes = class_names.size();
  if (row < 0 || (static_cast<std::size_t>(row) + 1) * classes > probabilities.size() || row >= rows()) {
    throw Error("U20", "there is no row " + std::to_string(row) + " in an evaluation of " + std::to_string(rows()));
  }
  return {probabilities.data() + static_cast<std::size_t>(row) * classes, classes};
}

std::int32_t TargetEvaluation::predicted_class(std::int64_t row) const {
  return pellucid::predicted_class(probabilities_of(row), threshold);
}

bool TargetEvaluation::is_right(std::int64_t row) const {
  return predicted_class(row) == truth_labels[static_cast<std::size_t>(row)];
}

ClassPredictions TargetEvaluation::class_predictions() const {
  return {truth_labels, probabilities, static_cast<std::int32_t>(class_names.size()), threshold};
}

ValuePredictions TargetEvaluation::value_predictions() const {
  return {truth_values, predicted_values};
}

bool Evaluation::is_classification() const {
  first_of(*this);
  return std::ranges::all_of(targets, [](const TargetEvaluation& target) { return target.classes.has_value(); });
}

std::int64_t Evaluation::rows() const {
  return first_of(*this).rows();
}

ScoreKind Evaluation::kind() const {
  first_of(*this);
  return headline_kind(target_scores(*this));
}

double Evaluation::score() const {
  return headline_score(target_scores(*this), rows());
}

Interval Evaluation::interval(std::uint64_t seed) const {
  const TargetEvaluation& first = first_of(*this);
  if (kind() == ScoreKind::rmse) return bootstrap_rmse(first.truth_values, first.predicted_values, seed);
  if (kind() == ScoreKind::r2) return bootstrap_r2(all_values(*this), seed);
  if (kind() == ScoreKind::accuracy && targets.size() == 1)
    return wilson_interval(first.classes->correct, first.classes->rows);
  const Interval wrong = bootstrap_mean(row_errors(), seed);  // a row's answers may be right or wrong together
  return {1 - wrong.high, 1 - wrong.low};
}

double Evaluation::exact_match() const {
  std::int64_t whole = 0;
  for (std::int64_t r = 0; r < rows(); ++r) {
    bool right = true;
    for (const TargetEvaluation& target : targets) right = right && target.is_right(r);
    whole += right ? 1 : 0;
  }
  return static_cast<double>(whole) / static_cast<double>(rows());
}

std::vector<double> Evaluation::row_errors() const {
  if (kind() == ScoreKind::rmse || kind() == ScoreKind::r2) return pellucid::row_errors(all_values(*this));
  std::vector<double> errors(static_cast<std::size_t>(rows()));
  for (const TargetEvaluation& target : targets) {
    if (target.values) {
      // Squared errors by the variance of the truths, of which each of two equal targets gives half.
      const ValuePredictions twice[] = {target.value_predictions(), target.value_predictions()};
      const std::vector<double> own = pellucid::row_errors(twice);
      for (std::size_t r = 0; r < errors.size(); ++r) errors[r] += own[r];
    } else {
      for (std::size_t r = 0; r < errors.size(); ++r)
        errors[r] += target.is_right(static_cast<std::int64_t>(r)) ? 0 : 1;
    }
  }
  for (double& error : errors) error /= static_cast<double>(targets.size());
  return errors;
}

PairedTest paired_test(const Evaluation& a, const Evaluation& b) {
  if (a.kind() != b.kind()) throw Error("U20", "a paired test takes two evaluations of the same targets");
  return paired_test(a.row_errors(), b.row_errors(), a.kind() == ScoreKind::accuracy && a.targets.size() == 1);
}

std::ostream& operator<<(std::ostream& out, const Evaluation& evaluation) {
  if (evaluation.targets.empty()) return out << fmt::format("loss {:.4g}\n", evaluation.loss);
  if (evaluation.targets.size() == 1) {
    write(out, evaluation.targets.front(), evaluation.loss);
    return out;
  }
  if (evaluation.is_classification()) {
    out << fmt::format("{:.1f}% of the predictions correct ({} targets, {} rows); all targets of a row in {:.1f}%\n",
                       100 * evaluation.score(), evaluation.targets.size(), evaluation.rows(),
                       100 * evaluation.exact_match());
  } else if (evaluation.kind() == ScoreKind::mean) {
    out << fmt::format("score {:.4f}, the mean of the accuracies and the R² of {} targets\n", evaluation.score(),
                       evaluation.targets.size());
  } else {
    out << fmt::format("R² {:.4f}, the mean of {} targets\n", evaluation.score(), evaluation.targets.size());
  }
  for (const TargetEvaluation& target : evaluation.targets) {
    out << target.name << ": ";
    write(out, target, target.classes ? target.classes->log_loss : evaluation.loss);
  }
  return out;
}

}  // namespace pellucid
