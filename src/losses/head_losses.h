// HeadLosses: the losses of a model's heads, each with its output and target columns. A Loss may hold one.
// Not here: which loss suits a head (model/heads.h), the sum over the heads (model/batch_loss.cc).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pellucid/loss.h"

namespace pellucid {

struct HeadLoss {
  std::string layer;
  std::int64_t first_output = 0, outputs = 0;  ///< the head's columns in the model's outputs
  std::vector<std::int64_t> columns;           ///< the target columns that the loss reads
  std::int32_t classes = 0;  ///< > 0: class labels, in the only target column or as the data's labels; 0: numbers
  Loss loss;
  double weight = 1;
};

struct HeadLosses {
  std::vector<HeadLoss> heads;      ///< at least one; all with the same reduction
  std::int64_t target_columns = 0;  ///< number of target columns of the data, for all heads together

  Reduction reduction() const { return heads.front().loss.reduction(); }
  /// As in "value: mse; kind: 0.5 * cross_entropy".
  std::string text() const;
};

}  // namespace pellucid
