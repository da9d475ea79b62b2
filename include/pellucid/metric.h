// Metrics, computed in double from all rows at once; intervals, the paired test, the classification report.
// Not here: loss functions for training (loss.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// True class of each row and its probabilities (rows × classes, row-major); two columns for a binary target.
struct ClassPredictions {
  std::span<const std::int32_t> truth;
  std::span<const double> probabilities;
  std::int32_t classes = 0;
  double threshold = 0.5;  ///< two classes: class 1 is predicted if its probability is above this
};

/// Numbers in the unit of the target.
struct ValuePredictions {
  std::span<const double> truth;
  std::span<const double> predicted;
};

/// counts[truth · classes + predicted]; of more than 1,000 classes there are none, and at() is not to be called.
struct ConfusionMatrix {
  std::int32_t classes = 0;
  std::vector<std::int64_t> counts;
  std::int64_t at(std::int32_t truth, std::int32_t predicted) const { return counts[truth * classes + predicted]; }
};

struct ClassScore {
  double precision = 0, recall = 0, f1 = 0;  ///< 0 where undefined (no row predicted or none there), as scikit-learn
  std::int64_t support = 0;
};

struct ClassificationScores {
  std::int64_t rows = 0, correct = 0;
  double accuracy = 0;
  std::vector<ClassScore> per_class;
  ClassScore macro, weighted;
  ConfusionMatrix confusion;
  double roc_auc = 0;   ///< two classes: of class 1; more: mean one-against-rest; NaN if a class is absent
  double log_loss = 0;  ///< mean −ln p(truth), p clipped to 1e-15 … 1
};

struct RegressionScores {
  std::int64_t rows = 0;
  double rmse = 0, mae = 0, r2 = 0, max_error = 0;  ///< r2 is 0 where the truth never varies and NaN-free
};

/// What the one number is that a result is judged by: the accuracy (of several targets of two classes: the share of all
/// answers that are right, which is the mean of their accuracies), the RMSE of one target, or the mean R² of several,
/// whose units differ.
enum class ScoreKind { accuracy, rmse, r2 };
constexpr ScoreKind score_kind(bool classification, std::size_t targets) noexcept {
  return classification ? ScoreKind::accuracy : targets > 1 ? ScoreKind::r2 : ScoreKind::rmse;
}
constexpr bool higher_is_better(ScoreKind kind) noexcept {
  return kind != ScoreKind::rmse;
}
std::string_view name_of(ScoreKind kind) noexcept;  ///< as the metric: "accuracy", "rmse", "r2"

ClassificationScores score(const ClassPredictions& predictions);  ///< throws U20, D17 on labels out of range
RegressionScores score(const ValuePredictions& predictions);      ///< throws U20

/// The error of each row. One target: the squared error. Several targets of the same rows: the mean of their squared
/// errors, each by the variance of its truths, so that the mean over the rows is 1 less the mean R². Throws U20.
std::vector<double> row_errors(std::span<const ValuePredictions> targets);

/// Index of the largest value; the first of equal ones.
std::int32_t argmax(std::span<const double> values) noexcept;
/// The most probable class; of two classes, class 1 if its probability is above the threshold.
std::int32_t predicted_class(std::span<const double> probabilities, double threshold = 0.5) noexcept;

/// The decision threshold with the highest macro F1 on these rows: 0.5, or half way between two neighbouring
/// probabilities; of equally good ones the nearest to 0.5. Throws U20 unless there are two classes.
double best_threshold(const ClassPredictions& predictions);
/// One threshold for several binary targets of the same rows: the highest mean of their macro F1.
double best_threshold(std::span<const ClassPredictions> targets);

struct Interval {
  double low = 0, high = 0;
};
/// Wilson score interval of a proportion, 95 %. Wilson, JASA 22, 1927.
Interval wilson_interval(std::int64_t successes, std::int64_t n) noexcept;
/// 95 % percentile bootstrap of the RMSE, 1,000 resamples of the rows with Purpose::bootstrap.
Interval bootstrap_rmse(std::span<const double> truth, std::span<const double> predicted, std::uint64_t seed);
/// The same of the mean of one number a row: of the share of a row's answers that are right.
Interval bootstrap_mean(std::span<const double> values, std::uint64_t seed);
/// The same of the mean R² of several targets of the same rows.
Interval bootstrap_r2(std::span<const ValuePredictions> targets, std::uint64_t seed);

/// Two models compared on the same rows.
struct PairedTest {
  std::int64_t first_better = 0, second_better = 0;  ///< rows on which the error of one model is smaller
  /// Probability of a difference at least this large if both models are equally good.
  double p = 1;
  bool more_than_chance() const noexcept { return p < 0.05; }
};
/// `a` and `b`: the errors of the same rows. right_or_wrong: every error is 0 or 1, and the exact sign test of the rows
/// on which the models differ applies (McNemar, Psychometrika 12, 1947); otherwise the normal test of the mean
/// difference. Throws U20 where the lengths differ.
PairedTest paired_test(std::span<const double> a, std::span<const double> b, bool right_or_wrong);

/// One row of the table of metrics: reachable by name in `evaluate --fail-under`, JSON and history.
struct MetricKind {
  std::string_view name;  ///< "accuracy"
  const char* help;
  const char* task;  ///< "classification" or "regression"
  bool higher_is_better;
  double (*of_classes)(const ClassificationScores&) = nullptr;
  double (*of_values)(const RegressionScores&) = nullptr;
  const char* formula = "";
};
std::vector<MetricKind> metric_kinds();

/// Table of precision, recall, F1 and support per class with macro and weighted means, as plain text.
std::string classification_report(const ClassificationScores& scores, const std::vector<std::string>& class_names);
std::string confusion_text(const ConfusionMatrix& matrix, const std::vector<std::string>& class_names);

}  // namespace pellucid
