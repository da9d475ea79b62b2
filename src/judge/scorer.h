// Scorer: the headline score of a model on labelled rows, from its outputs: accuracy, RMSE, mean R², or the mean of
// accuracies and R² (ScoreKind). Validation, health, importance and, through headline_score(), every Evaluation use it.
// Not here: what outputs mean (output_reader.h), running the model (judge.h), further metrics (src/metrics).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "judge/output_reader.h"
#include "pellucid/dataset.h"
#include "pellucid/metric.h"

namespace pellucid {

/// What one target adds to the headline score.
struct TargetScore {
  bool is_class = false;
  std::int64_t right = 0;   ///< of classes: rows whose predicted class is the true one
  double rmse = 0, r2 = 0;  ///< of a number: in its own unit; R² is 0 where the truth never varies
};

/// Classes alone: the share of all answers that are right. One number: its RMSE. Several numbers: the mean of their R².
/// Both kinds: the mean of the accuracies and the R². NaN without targets.
double headline_score(std::span<const TargetScore> targets, std::int64_t rows);
ScoreKind headline_kind(std::span<const TargetScore> targets);

class Scorer {
 public:
  /// For outputs of `source` under this loss. The data must outlive the scorer.
  template <class T>
  Scorer(const BasicModel<T>& model, const Dataset& data, const Loss& loss, OutputSource source);

  ScoreKind kind() const noexcept { return kind_; }

  /// Forgets all rows.
  void clear();
  /// Adds the outputs of consecutive rows of the data, the first of which is row `first`. Each row is added once.
  template <class T>
  void add(View<const T> outputs, std::int64_t first);

  /// The score of all rows of the data. NaN where the user's own loss gives no predictions.
  double score() const;
  /// The same, the smaller the better: the share of wrong answers, the RMSE, or 1 less the score.
  double error() const;
  /// The score of the best prediction that does not look at the features: the most frequent class, or the mean.
  double constant_score() const;

 private:
  /// Errors of a number are measured as the model learns it and multiplied by the deviation that it was divided by. The
  /// scale of a logarithm is no multiple of the target's, so there they are measured in the target's own unit, divided
  /// by a power of two that keeps the squares of very large numbers finite.
  struct Tally {
    double unit = 1;     ///< RMSE in the target's unit = unit · RMSE as measured
    double spread = 0;   ///< Σ(t − mean)² as measured, 0 where the truth never varies
    double squares = 0;  ///< Σ error² as measured
    double recent = 0;   ///< of the rows that are being added
    std::int64_t right = 0;
  };
  void prepare(std::size_t target);
  double measured(std::size_t target, double net_value) const;
  double truth(std::size_t target, std::int64_t row) const;
  std::int64_t most_frequent_class(std::size_t target) const;
  std::vector<TargetScore> target_scores() const;

  const Dataset& data_;
  OutputReader reader_;
  std::vector<Tally> tallies_;  ///< one per target
  ScoreKind kind_;
};

}  // namespace pellucid
