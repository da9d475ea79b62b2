// Prediction intervals for numbers and prediction sets for classes, by split conformal prediction.
// Not here: the scores of the validation rows (conformal_scores.h), 95 % intervals of metrics (metric.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pellucid/dataset.h"
#include "pellucid/evaluation.h"
#include "pellucid/metric.h"
#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// Fills model.conformal from labelled rows that the model was not trained on; train() does it with the validation
/// rows. The score of a row is |truth − prediction| on the scale that the model learns (with a log target: of the
/// logarithms), and for classes 1 − the probability of the true class. One entry per target, in the order of
/// Evaluation::targets; none where the user's own loss gives no predictions. Throws D17 without rows, U20 if they do
/// not fit the model, D39.
template <class T>
PELLUCID_EXPORT void fit_intervals(BasicModel<T>& model, const Dataset& rows, std::int64_t threads = 0);
/// The same from outputs that are given, one row of outputs per row of data, such as predictions out of fold.
template <class T>
PELLUCID_EXPORT void fit_intervals(BasicModel<T>& model, const Dataset& rows, View<const T> outputs);

/// The intervals and sets of one level. Construction copies what is needed from the model, with its decision threshold;
/// any number of threads may then call it.
class PELLUCID_EXPORT PredictionIntervals {
 public:
  /// `level`: 0.9 gives intervals that contain the truth of at least 90 % of new rows, if these are like the validation
  /// rows. Throws U12 unless 0 < level < 1, U20 for a model that was not trained on a table, D43 where it has no
  /// conformal scores, or too few for this level.
  PredictionIntervals(const Model& model, double level);

  double level() const noexcept { return level_; }
  /// The interval of a predicted number, in the unit of the target; it contains the prediction. With a log target it is
  /// wider above than below. Throws U20 unless this target is a number.
  Interval of(std::size_t target, double prediction) const;
  /// Whether the prediction set contains a class: if 1 − its probability is at most the quantile of the scores, or if
  /// it is the predicted class. `probabilities`: of all classes of the target. Throws U20 unless it has classes.
  bool contains(std::size_t target, std::span<const double> probabilities, std::int32_t which) const;

 private:
  struct Part {
    FittedTarget fitted;
    double quantile;
  };
  const Part& part(std::size_t target, bool of_classes) const;
  double level_, threshold_;
  std::vector<Part> targets_;
};

/// How the intervals or sets of one target fit the truth of labelled rows.
struct IntervalCoverage {
  double level = 0;
  std::int64_t validation_rows = 0;  ///< from which the intervals were made
  double coverage = 0;               ///< share of the rows whose truth is in the interval or set
  double mean_size = 0;              ///< width of an interval in the target's unit, or number of classes in a set
};

/// One entry per target of the evaluation. Throws as PredictionIntervals(), and D17 without rows.
PELLUCID_EXPORT std::vector<IntervalCoverage> interval_coverage(const Model& model, const Evaluation& evaluation,
                                                                double level);

}  // namespace pellucid
