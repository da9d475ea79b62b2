// Metrics: what a result is judged by, computed in double from all rows at once; intervals; the classification report.
// Not here: losses that are trained on (loss.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// Class of each row and its probabilities (rows × classes, row-major). Binary nets give two columns as well.
struct ClassPredictions {
  std::span<const std::int32_t> truth;
  std::span<const double> probabilities;
  std::int32_t classes = 0;
  double threshold = 0.5;  ///< of two classes: class 1 is said where its probability is above
};

/// Numbers in the target's own unit.
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

/// Index of the largest; the first of equal ones.
std::int32_t argmax(std::span<const double> values) noexcept;
/// The class said of a row: the most probable one; of two, class 1 where its probability is above the threshold.
std::int32_t said_class(std::span<const double> probabilities, double threshold = 0.5) noexcept;

/// The threshold with the highest mean of both classes' F1 (macro F1) on these rows of two classes: half way between
/// two neighbouring probabilities, or 0.5; of equal ones that nearest to 0.5. Throws U20 unless there are two classes.
double best_threshold(const ClassPredictions& predictions);
/// The one for several targets of the same rows: with the highest mean of their macro F1.
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
