// Evaluation: the predictions of a model for labelled rows, per target, and one score for the whole model.
// Not here: training (trainer.h), the metrics (metric.h).
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/large_vector.h"
#include "pellucid/metric.h"
#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// The predictions for one target. For a classification `classes` is set, for a regression `values`.
struct TargetEvaluation {
  std::string name;  ///< name of the target column; "0", "1", … where the model has no preprocessor

  std::optional<ClassificationScores> classes;
  std::vector<std::string> class_names;
  LargeVector<std::int32_t> truth_labels;
  LargeVector<double> probabilities;  ///< rows × classes; two columns for a binary target
  double threshold = 0.5;             ///< decision threshold of the model; used for two classes only

  std::optional<RegressionScores> values;  ///< in the target's unit
  LargeVector<double> truth_values, predicted_values;

  std::int64_t rows() const noexcept;
  std::span<const double> probabilities_of(std::int64_t row) const;
  std::int32_t predicted_class(std::int64_t row) const;
  bool is_right(std::int64_t row) const;       ///< classification only: whether the predicted class is the true one
  ClassPredictions class_predictions() const;  ///< a view of the members above, with the threshold
  ValuePredictions value_predictions() const;
};

struct Evaluation {
  /// One entry per target, all for the same rows; for a model with heads in the order of the heads. Empty if the
  /// model's loss is one of your own that gives no predictions (LossFunction::predict): then only the loss is known.
  std::vector<TargetEvaluation> targets;
  /// mean loss without penalties, in the scaled units of the model; a cross-entropy is computed without label smoothing
  double loss = 0;

  bool is_classification() const;  ///< true if all targets are classes
  std::int64_t rows() const;
  ScoreKind kind() const;
  /// The score of the model: accuracy or RMSE; for several targets the share of correct answers, the mean R², or the
  /// mean of accuracies and R² (ScoreKind in metric.h). This function and all below throw U33 if there are no targets.
  double score() const;
  /// 95 % confidence interval of the score: the Wilson interval for one accuracy, otherwise a bootstrap over the rows.
  Interval interval(std::uint64_t seed) const;
  /// Classification: share of the rows for which every target is predicted correctly.
  double exact_match() const;
  /// The error of each row. Classification: the share of its targets that are predicted wrongly; regression: see
  /// row_errors in metric.h.
  std::vector<double> row_errors() const;
};
std::ostream& operator<<(std::ostream& out, const Evaluation& evaluation);

/// A metric by its name in metric_kinds(), of one target or as the mean over all. Throws U11 for an unknown name, U02
/// for a metric that a target does not have.
double metric_of(const TargetEvaluation& target, std::string_view metric);
double metric_of(const Evaluation& evaluation, std::string_view metric);
/// Its 95 % confidence interval. accuracy, rmse, and r2 of several targets: as Evaluation::interval. log_loss, mae: a
/// bootstrap over the rows. roc_auc of one target with two classes: Hanley, McNeil, Radiology 143, 1982. Empty for the
/// others.
std::optional<Interval> metric_interval(const Evaluation& evaluation, std::string_view metric, std::uint64_t seed);

/// Compares two models that were evaluated on the same rows, by the paired test (metric.h) of their row errors. Throws
/// U20 if the numbers of rows or the kinds of targets differ.
PairedTest paired_test(const Evaluation& a, const Evaluation& b);

/// Evaluates a model on labelled rows. `threads`, here and below: as in BasicModel::predict.
template <class T>
PELLUCID_EXPORT Evaluation evaluate(const BasicModel<T>& model, const Dataset& data, std::int64_t threads = 0);

/// Class probabilities, rows × classes (two columns for a model with one sigmoid output). For several binary targets:
/// rows × targets, the probability of the second class of each target.
template <class T>
PELLUCID_EXPORT Tensor<double> predict_proba(const BasicModel<T>& model, const Dataset& data, std::int64_t threads = 0);
/// Predicted values, rows × targets, each in the unit of its target.
template <class T>
PELLUCID_EXPORT Tensor<double> predict_values(const BasicModel<T>& model, const Dataset& data,
                                              std::int64_t threads = 0);

/// The predictions of one target for rows that need no labels.
struct TargetPredictions {
  std::string name;                      ///< of the target's column
  std::vector<std::string> class_names;  ///< empty: the target is a number
  std::vector<std::int32_t> classes;     ///< predicted class of each row, by the model's decision threshold
  std::vector<double> probabilities;     ///< rows × classes; two columns for a binary target
  std::vector<double> values;            ///< of a number: in the target's unit

  const std::string& class_name(std::int64_t row) const;             ///< name of the predicted class
  std::span<const double> probabilities_of(std::int64_t row) const;  ///< of a row, one per class
};

/// One entry per target of a model that was trained on a table, in the order of its targets (of a model with heads, of
/// the heads); empty where the user's own loss gives no predictions. Throws U20 where the model has no preprocessor,
/// D39 where an output is not finite.
template <class T>
PELLUCID_EXPORT std::vector<TargetPredictions> predict_targets(const BasicModel<T>& model, const Dataset& data,
                                                               std::int64_t threads = 0);

}  // namespace pellucid
