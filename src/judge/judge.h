// Judge: the data loss and the headline score of a model on rows, without training.
// Not here: the full set of metrics (evaluate.cc).
#pragma once

#include "judge/scorer.h"
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
  ScoreKind kind() const noexcept { return scorer_.kind(); }

 private:
  const Dataset& data_;
  Loss loss_;
  Scorer<T> scorer_;
  Plan<T> plan_;
  Workspace<T> workspace_;
  Batches batches_;
  Feeder<T> feeder_;
};

extern template class Judge<float>;
extern template class Judge<double>;

}  // namespace pellucid
