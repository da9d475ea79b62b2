// ConformalScores: how wrong the predictions of one target were on rows that the model was not trained on, for
// prediction intervals and prediction sets.
// Not here: making the scores, intervals and sets (prediction_intervals.h), confidence intervals of metrics (metric.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// One score per validation row: the larger, the more wrong is the prediction. Split conformal prediction: if new rows
/// are drawn like these rows, the score of a new row is at most quantile(level) with a probability of at least `level`,
/// whatever the model. Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, "Distribution-Free Predictive Inference for
/// Regression", JASA 113, 2018.
class ConformalScores {
 public:
  /// Of more rows, only this many scores are kept: each 0.5 % of the rows one, and the largest.
  static constexpr std::int64_t most_kept = 200;

  /// Throws U20 without scores, or where one is negative, NaN or infinite.
  explicit ConformalScores(std::vector<double> scores);
  /// As a model file holds them: what rows() and kept() returned. Throws U20 where no scores give these.
  ConformalScores(std::int64_t rows, std::vector<double> kept);

  /// The score of rank ⌈(rows + 1) · level⌉, 0 < level < 1. With more than `most_kept` rows a level between two
  /// multiples of 0.5 % takes the upper one's score, and a level above 99.5 % the largest. Empty if there are fewer
  /// than least_rows(level) rows.
  std::optional<double> quantile(double level) const;
  /// How many rows a level needs: the smallest n with ⌈(n + 1) · level⌉ ≤ n. 9 for 0.9, 99 for 0.99.
  static std::int64_t least_rows(double level) noexcept;

  std::int64_t rows() const noexcept { return rows_; }                ///< at least 1
  const std::vector<double>& kept() const noexcept { return kept_; }  ///< ascending
  friend bool operator==(const ConformalScores&, const ConformalScores&) = default;

 private:
  std::int64_t rows_;
  std::vector<double> kept_;
};

}  // namespace pellucid
