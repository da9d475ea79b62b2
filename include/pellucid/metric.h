// Metrics, computed in double precision from all rows at once; confidence intervals, the paired test, the
// classification report.
// Not here: loss functions for training (loss.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The true class of each row and the predicted probabilities, rows × classes, row-major. A binary target has two
/// columns.
struct ClassPredictions {
  std::span<const std::int32_t> truth;
  std::span<const double> probabilities;
  std::int32_t classes = 0;
  double threshold = 0.5;  ///< for two classes: class 1 is predicted if its probability is larger than this
};

/// True and predicted values of one target, in its unit.
struct ValuePredictions {
  std::span<const double> truth;
  std::span<const double> predicted;
};

/// counts[truth · classes + predicted] is a number of rows. With more than 1,000 classes `counts` is empty, and at()
/// must not be called.
struct ConfusionMatrix {
  std::int32_t classes = 0;
  std::vector<std::int64_t> counts;
  std::int64_t at(std::int32_t truth, std::int32_t predicted) const { return counts[truth * classes + predicted]; }
};

struct ClassScore {
  /// 0 if undefined (no row predicted as this class, or none in it), as in scikit-learn
  double precision = 0, recall = 0, f1 = 0;
  std::int64_t support = 0;
};

struct ClassificationScores {
  std::int64_t rows = 0, correct = 0;
  double accuracy = 0;
  std::vector<ClassScore> per_class;
  ClassScore macro, weighted;
  ConfusionMatrix confusion;
  /// two classes: for class 1; more: mean over the classes, one-against-rest; NaN if a class has no rows
  double roc_auc = 0;
  double log_loss = 0;  ///< mean of −ln p(true class), with p clipped to 1e-15 … 1
};

struct RegressionScores {
  std::int64_t rows = 0;
  double rmse = 0, mae = 0, r2 = 0, max_error = 0;  ///< r2: 0 if all true values are equal
};

/// The single number by which a model is judged.
/// - accuracy: classification. For several binary targets, the share of all answers that are right, which is the mean
///   of their accuracies.
/// - rmse: one numeric target.
/// - r2: several numeric targets: the mean of their R², because their units may differ.
/// - mean: classes and numbers together: the mean of the accuracies and the R².
enum class ScoreKind { accuracy, rmse, r2, mean };
/// `classes`, `numbers`: how many targets have classes and how many are numeric.
constexpr ScoreKind score_kind(std::size_t classes, std::size_t numbers) noexcept {
  if (classes > 0) return numbers > 0 ? ScoreKind::mean : ScoreKind::accuracy;
  return numbers > 1 ? ScoreKind::r2 : ScoreKind::rmse;
}
constexpr ScoreKind score_kind(bool classification, std::size_t targets) noexcept {
  return classification ? ScoreKind::accuracy : targets > 1 ? ScoreKind::r2 : ScoreKind::rmse;
}
constexpr bool higher_is_better(ScoreKind kind) noexcept {
  return kind != ScoreKind::rmse;
}
std::string_view name_of(ScoreKind kind) noexcept;  ///< "accuracy", "rmse", "r2" (as in metric_kinds()) or "mean"

/// throws U20 if the sizes do not match, D17 for a label out of range
ClassificationScores score(const ClassPredictions& predictions);
RegressionScores score(const ValuePredictions& predictions);  ///< throws U20

/// The error of each row. One target: the squared error. Several targets of the same rows: the mean over the targets of
/// squared error / variance of the target, so that the mean over the rows is 1 minus the mean R². Throws U20.
std::vector<double> row_errors(std::span<const ValuePredictions> targets);

/// Index of the largest value; of equal ones, the first.
std::int32_t argmax(std::span<const double> values) noexcept;
/// The most probable class; for two classes, class 1 if its probability is larger than the threshold.
std::int32_t predicted_class(std::span<const double> probabilities, double threshold = 0.5) noexcept;

/// The decision threshold with the highest macro F1 on these rows. Candidates are 0.5 and the midpoints between
/// neighbouring probabilities; of equally good ones, the nearest to 0.5 wins. Throws U20 unless there are two classes.
double best_threshold(const ClassPredictions& predictions);
/// One threshold for several binary targets of the same rows: the one with the highest mean of their macro F1.
double best_threshold(std::span<const ClassPredictions> targets);

struct Interval {
  double low = 0, high = 0;
};
/// 95 % Wilson score interval of a proportion. Wilson, JASA 22, 1927.
Interval wilson_interval(std::int64_t successes, std::int64_t n) noexcept;
/// 95 % percentile bootstrap interval of the RMSE, with 1,000 resamples of the rows (Purpose::bootstrap in random.h).
Interval bootstrap_rmse(std::span<const double> truth, std::span<const double> predicted, std::uint64_t seed);
/// The same for the mean of one number per row, for example the share of a row's answers that are right.
Interval bootstrap_mean(std::span<const double> values, std::uint64_t seed);
/// The same for the mean R² of several targets of the same rows.
Interval bootstrap_r2(std::span<const ValuePredictions> targets, std::uint64_t seed);

/// Two models compared on the same rows.
struct PairedTest {
  std::int64_t first_better = 0, second_better = 0;  ///< numbers of rows on which this model has the smaller error
  /// Probability of a difference at least this large if both models are equally good.
  double p = 1;
  bool more_than_chance() const noexcept { return p < 0.05; }
};
/// Compares the errors `a` and `b` of two models on the same rows. right_or_wrong: every error is 0 or 1; then the
/// exact sign test on the rows where the models differ is used (McNemar, Psychometrika 12, 1947), otherwise the normal
/// test of the mean difference. Throws U20 if the lengths differ.
PairedTest paired_test(std::span<const double> a, std::span<const double> b, bool right_or_wrong);

/// One metric; its name is used in `evaluate --fail-under`, JSON and history.
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

/// A table in plain text: precision, recall, F1 and support per class, and their macro and weighted means.
std::string classification_report(const ClassificationScores& scores, const std::vector<std::string>& class_names);
std::string confusion_text(const ConfusionMatrix& matrix, const std::vector<std::string>& class_names);

}  // namespace pellucid
