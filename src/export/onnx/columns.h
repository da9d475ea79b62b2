// The columns of a table as inputs of an ONNX graph, and the features that they become.
// Not here: what was learned of the columns (pellucid/fitted_column.h), the net (net.h).
#pragma once

#include <string>
#include <vector>

#include "export/onnx/graph.h"
#include "pellucid/preprocess.h"

namespace pellucid::onnx {

struct Features {
  Value value;  ///< float, N × size of a row
  /// Each bool, N × any number: true in a row that `predict` would refuse.
  std::vector<Value> refused{};
};

/// Throws U29 where the graph is plain and a column holds words or dates.
Features add_columns(Graph& graph, const Preprocessor& by);

}  // namespace pellucid::onnx
