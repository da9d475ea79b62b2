// Judge: the data loss and the plain score of a model on rows, without training.
// Not here: the full set of metrics (evaluate.cc).
#pragma once

#include <optional>

#include "data/batches.h"
#include "model/workspace.h"
#include "train/sparse_rows.h"

namespace pellucid {

struct Verdict {
  double loss = 0;   ///< mean over rows (sum for Reduction::sum)
  double score = 0;  ///< accuracy, or RMSE in the target's unit
};

/// Puts batches into a workspace: whole rows, or rows without their zeros where the data are mostly zeros and the net
/// takes them so. Chosen once; the bits are the same either way.
template <class T>
class Feeder {
 public:
  Feeder(const Batches& batches, const Workspace<T>& workspace, bool backward);
  /// Also tells the workspace what the loss shall read. Returns the rows.
  std::int64_t load(std::int64_t batch, Workspace<T>& workspace);

 private:
  const Batches& batches_;
  std::optional<SparseRows<T>> sparse_;
  std::optional<SparseBatch<T>> sparse_batch_;
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

extern template class Feeder<float>;
extern template class Feeder<double>;
extern template class Judge<float>;
extern template class Judge<double>;

}  // namespace pellucid
