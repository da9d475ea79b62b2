// Evaluation: what a model says of labelled rows, target by target, and the one number it is judged by.
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

/// Of one target: either classes or values are there.
struct TargetEvaluation {
  std::string name;  ///< of its column; "0", "1", … where the model has no preprocessor

  std::optional<ClassificationScores> classes;
  std::vector<std::string> class_names;
  LargeVector<std::int32_t> truth_labels;
  LargeVector<double> probabilities;  ///< rows × classes; two for a yes or no
  double threshold = 0.5;             ///< the model's, by which classes are said

  std::optional<RegressionScores> values;  ///< in the target's unit
  LargeVector<double> truth_values, predicted_values;

  std::int64_t rows() const noexcept;
  std::span<const double> probabilities_of(std::int64_t row) const;
  std::int32_t said(std::int64_t row) const;   ///< the class that is said of a row
  bool is_right(std::int64_t row) const;       ///< of classes
  ClassPredictions class_predictions() const;  ///< a view of the above; the threshold is in it
  ValuePredictions value_predictions() const;
};

struct Evaluation {
  std::vector<TargetEvaluation> targets;  ///< at least one, all of the same rows
  double loss = 0;  ///< mean data loss, in the net's units; of a cross-entropy without its smoothing

  bool is_classification() const;
  std::int64_t rows() const;
  ScoreKind kind() const;
  /// The number it is judged by: accuracy or RMSE; of several targets the share of all answers that are right, or the
  /// mean R².
  double score() const;
  /// 95 % interval of the score: Wilson's of one accuracy, else a bootstrap over the rows.
  Interval interval(std::uint64_t seed) const;
  /// Classes: the share of rows of which every target is right.
  double exact_match() const;
  /// Error of each row: the share of its answers that are wrong, or as the other row_errors (metric.h).
  std::vector<double> row_errors() const;
};
std::ostream& operator<<(std::ostream& out, const Evaluation& evaluation);

/// threads here and below: as in BasicModel::predict.
template <class T>
PELLUCID_EXPORT Evaluation evaluate(const BasicModel<T>& model, const Dataset& data, std::int64_t threads = 0);

/// rows × classes probabilities (two columns for a net with one sigmoid output). Of several targets of yes or no, which
/// the data or the model's preprocessor tell: rows × targets, the probability of each one's second class.
template <class T>
PELLUCID_EXPORT Tensor<double> predict_proba(const BasicModel<T>& model, const Dataset& data, std::int64_t threads = 0);
/// rows × targets, each in its unit.
template <class T>
PELLUCID_EXPORT Tensor<double> predict_values(const BasicModel<T>& model, const Dataset& data,
                                              std::int64_t threads = 0);

}  // namespace pellucid
