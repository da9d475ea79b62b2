// Evaluation: the predictions of a model for labelled rows, target by target, and one headline score.
// Not here: training (trainer.h), the metrics (metric.h).
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pellucid/large_vector.h"
#include "pellucid/metric.h"
#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// The predictions for one target. A classification has classes, a regression has values.
struct TargetEvaluation {
  std::string name;  ///< name of the target column; "0", "1", … where the model has no preprocessor

  std::optional<ClassificationScores> classes;
  std::vector<std::string> class_names;
  LargeVector<std::int32_t> truth_labels;
  LargeVector<double> probabilities;  ///< rows × classes; two columns for a binary target
  double threshold = 0.5;             ///< decision threshold of the model, for two classes

  std::optional<RegressionScores> values;  ///< in the target's unit
  LargeVector<double> truth_values, predicted_values;

  std::int64_t rows() const noexcept;
  std::span<const double> probabilities_of(std::int64_t row) const;
  std::int32_t predicted_class(std::int64_t row) const;
  bool is_right(std::int64_t row) const;       ///< classification: the predicted class is the true one
  ClassPredictions class_predictions() const;  ///< a view of the members above, with the threshold
  ValuePredictions value_predictions() const;
};

struct Evaluation {
  /// One per target, all of the same rows; of a model with heads in the order of the heads. Empty where the model's
  /// loss is the user's own and gives no predictions (LossFunction::predict): then only the loss is known.
  std::vector<TargetEvaluation> targets;
  double loss = 0;  ///< mean data loss, in the net's units; of a cross-entropy without its smoothing

  bool is_classification() const;  ///< all targets are classes
  std::int64_t rows() const;
  ScoreKind kind() const;
  /// The number it is judged by: accuracy or RMSE; of several targets the share of all answers that are right, the mean
  /// R², or the mean of accuracies and R². Like all of the following it throws U33 where there are no targets.
  double score() const;
  /// 95 % confidence interval of the score: Wilson's for one accuracy, otherwise a bootstrap over the rows.
  Interval interval(std::uint64_t seed) const;
  /// Classification: the share of rows whose targets are all right.
  double exact_match() const;
  /// Error of each row: the share of its answers that are wrong, or of a regression as row_errors in metric.h.
  std::vector<double> row_errors() const;
};
std::ostream& operator<<(std::ostream& out, const Evaluation& evaluation);

/// Two models judged on the same rows: the paired test (metric.h) of their row errors. Throws U20 where they were
/// judged on different numbers of rows or learned different kinds of targets.
PairedTest paired_test(const Evaluation& a, const Evaluation& b);

/// threads here and below: as in BasicModel::predict.
template <class T>
PELLUCID_EXPORT Evaluation evaluate(const BasicModel<T>& model, const Dataset& data, std::int64_t threads = 0);

/// Probabilities, rows × classes (two columns for a net with one sigmoid output). With several binary targets, as the
/// data or the preprocessor say: rows × targets, the probability of each target's second class.
template <class T>
PELLUCID_EXPORT Tensor<double> predict_proba(const BasicModel<T>& model, const Dataset& data, std::int64_t threads = 0);
/// Values, rows × targets, each in the unit of its target.
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
