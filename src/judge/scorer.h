// Scorer: how the outputs of a model become predictions, and the headline score of labelled rows (ScoreKind).
// Not here: running the model (judge.h, evaluate.cc), further metrics (src/metrics).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/dataset.h"
#include "pellucid/metric.h"
#include "pellucid/model.h"

namespace pellucid {

/// The target in column c of the outputs; a model without a preprocessor learns numbers as they are, and its targets
/// are named "0", "1", …
template <class T>
FittedTarget target_at(const BasicModel<T>& model, std::int64_t c);

/// Scores outputs against the targets of `data`, which must outlive it. Validation, the constant answer and everything
/// else that needs one score without probabilities use it.
template <class T>
class Scorer {
 public:
  /// `threshold`: an output above it means the second class of a binary target; 0 for logits, 0.5 for probabilities.
  Scorer(const BasicModel<T>& model, const Dataset& data, T threshold);

  ScoreKind kind() const noexcept { return kind_; }
  /// The target of a row, and an output of the net, as errors are measured: log-scaled targets in their own unit,
  /// others on the scale of the net.
  double truth(std::int64_t row, std::int64_t target) const;
  double prediction(double output, std::int64_t target) const;

  /// Forgets all rows.
  void clear();
  /// Adds the outputs of `rows` rows of the data, from row `first` on; each row is added once.
  void add(std::int64_t first, std::int64_t rows, View<const T> outputs);
  /// Of all rows of the data: accuracy, RMSE in the unit of the target, or mean R².
  double score() const;

 private:
  std::int64_t right(std::int64_t first, std::int64_t rows, View<const T> y) const;
  void measure_spreads();

  const Dataset& data_;
  ScoreKind kind_;
  T threshold_;
  std::vector<FittedTarget> log_scaled_{};  ///< if any target is: all targets, whose errors are measured in their unit
  double unit_ = 1;                         ///< of one target otherwise: RMSE = unit · that on the scale of the net
  std::vector<double> spreads_{};           ///< of each of several numbers: Σ(t − mean)², 0 where it never varies
  std::vector<double> squares_{};           ///< of each target: Σ error²
  std::int64_t hits_ = 0;
};

extern template class Scorer<float>;
extern template class Scorer<double>;

}  // namespace pellucid
