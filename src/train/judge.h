// Judge: the data loss and the plain score of a model on rows, without training.
// Not here: the full set of metrics (evaluate.cc).
#pragma once

#include "train/feeder.h"

namespace pellucid {

struct Verdict {
  double loss = 0;   ///< mean over rows (sum for Reduction::sum)
  double score = 0;  ///< accuracy, or RMSE in the target's unit
};

/// Reusable: owns a plan and a workspace of at most 256 rows. The model must outlive it.
template <class T>
class Judge {
 public:
  Judge(BasicModel<T>& model, const Dataset& data, const Loss& loss, Team* team = nullptr);
  Verdict operator()();

 private:
  double right_or_square(std::int64_t first, std::int64_t rows) const;

  BasicModel<T>& model_;
  const Dataset& data_;
  Loss loss_;
  Plan<T> plan_;
  Workspace<T> workspace_;
  Batches batches_;
  Feeder<T> feeder_;
};

extern template class Judge<float>;
extern template class Judge<double>;

}  // namespace pellucid
