// ReadScores: the plain score of a model whose outputs are read by an OutputReader.
// Not here: models with one output per target (judge.cc), all metrics (evaluate.cc).
#pragma once

#include <vector>

#include "judge/output_reader.h"
#include "pellucid/metric.h"

namespace pellucid {

class ReadScores {
 public:
  /// For the outputs of a plan with this loss. The data must outlive it.
  template <class T>
  ReadScores(const BasicModel<T>& model, const Dataset& data, const Loss& loss);

  /// What the score is: of classes alone the accuracy, of one number the RMSE, of several R², of both their mean.
  ScoreKind kind() const noexcept { return kind_; }

  void begin();
  /// Outputs of the data's rows from `first` on.
  template <class T>
  void add(View<const T> outputs, std::int64_t first);
  /// Of the rows since begin(), which are all rows of the data. NaN where the loss gives no predictions.
  double score() const;

 private:
  const Dataset& data_;
  OutputReader reader_;
  ScoreKind kind_;
  std::vector<double> sums_;     ///< per target: squared errors, or rows whose class is right
  std::vector<double> spreads_;  ///< per number: Σ(t − mean)² of the rows, 0 where it never varies
};

}  // namespace pellucid
