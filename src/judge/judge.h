// Judge: the data loss and the plain score of a model on rows, without training.
// Not here: the full set of metrics (evaluate.cc).
#pragma once

#include <vector>

#include "model/feeder.h"
#include "pellucid/metric.h"

namespace pellucid {

struct Verdict {
  double loss = 0;   ///< mean over rows (sum for Reduction::sum)
  double score = 0;  ///< of the data's ScoreKind: accuracy, RMSE in the target's unit, or mean R²
};

/// Reusable: owns a plan and a workspace of at most 256 rows. The model must outlive it.
template <class T>
class Judge {
 public:
  Judge(const BasicModel<T>& model, const Dataset& data, const Loss& loss, Team* team = nullptr);
  Verdict operator()();
  ScoreKind kind() const noexcept { return kind_; }

 private:
  std::int64_t right(std::int64_t first, std::int64_t rows) const;
  void add_squares(std::int64_t first, std::int64_t rows, std::vector<double>& squares) const;
  double score_of(const std::vector<double>& squares) const;
  double truth(std::int64_t row, std::int64_t c) const;
  void measure_spreads();

  const BasicModel<T>& model_;
  const Dataset& data_;
  Loss loss_;
  ScoreKind kind_;
  std::vector<FittedTarget> bent_;  ///< targets on the scale of logarithms, whose errors are no multiples of the net's
  std::vector<double> spreads_;  ///< of each of several numbers: Σ(t − mean)² of the rows, 0 where it never varies
  Plan<T> plan_;
  Workspace<T> workspace_;
  Batches batches_;
  Feeder<T> feeder_;
};

extern template class Judge<float>;
extern template class Judge<double>;

}  // namespace pellucid
