// HeadLosses: the losses of a model's heads, each with its outputs and target columns; what a Loss of heads holds.
// Not here: which loss suits a head (model/heads.h), the sum over the heads (model/batch_loss.cc).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pellucid/loss.h"

namespace pellucid {

struct HeadLoss {
  std::string layer;
  std::int64_t first_output = 0, outputs = 0;  ///< its columns of the model's outputs
  std::vector<std::int64_t> columns;           ///< of the targets, which the loss reads
  std::int32_t classes = 0;  ///< above 0: the head has class labels, in its one target column or the data's labels
  Loss loss;
  double weight = 1;
};

struct HeadLosses {
  std::vector<HeadLoss> heads;      ///< at least one; all with the same reduction
  std::int64_t target_columns = 0;  ///< of the data, for all heads

  Reduction reduction() const { return heads.front().loss.reduction(); }
  /// "value: mse; kind: 0.5 * cross_entropy".
  std::string text() const;
};

}  // namespace pellucid
