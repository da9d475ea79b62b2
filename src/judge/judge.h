// Judge: runs a model over labelled rows and gives its loss and headline score. Training uses it for validation.
// Not here: the score itself (scorer.h), the predictions and all metrics (evaluate.cc).
#pragma once

#include <vector>

#include "judge/output_reader.h"
#include "judge/scorer.h"
#include "model/feeder.h"
#include "pellucid/evaluation.h"

namespace pellucid {

struct Verdict {
  double loss = 0;   ///< mean over rows (sum for Reduction::sum)
  double score = 0;  ///< of kind(); NaN where the user's own loss gives no predictions
};

/// Reusable: owns a plan and a workspace of at most 256 rows. The model and the data must outlive it.
template <class T>
class Judge {
 public:
  Judge(const BasicModel<T>& model, const Dataset& data, const Loss& loss, Team* team = nullptr);
  Verdict operator()();
  ScoreKind kind() const noexcept { return scorer_.kind(); }

 private:
  Loss loss_;
  Plan<T> plan_;
  Workspace<T> workspace_;
  Batches batches_;
  Feeder<T> feeder_;
  Scorer scorer_;
};

/// Model::predict for rows that are judged or written: throws D39, naming the row, where an output is not finite. Such
/// an output would count as the first class or be written as a number.
template <class T>
Tensor<T> finite_outputs(const BasicModel<T>& model, const Dataset& data, std::int64_t threads = 0);

/// Predictions of no rows, one entry per target, with room for `rows` of them.
std::vector<TargetPredictions> empty_predictions(const OutputReader& reader, std::int64_t rows);
/// Appends the prediction of the row that the reader has read.
void add_prediction(OutputReader& reader, std::vector<TargetPredictions>& predictions);

extern template class Judge<float>;
extern template class Judge<double>;

}  // namespace pellucid
