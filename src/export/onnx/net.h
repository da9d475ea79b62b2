// The layers of a model as nodes of an ONNX graph. Not here: columns (columns.h), what outputs mean (answers.h).
#pragma once

#include "export/net.h"
#include "export/onnx/graph.h"

namespace pellucid::onnx {

/// Adds the net, which reads `features` (float, N × size of a row); returns its outputs side by side (float).
Value add_net(Graph& graph, const Model& model, const Net& net, const Value& features);

}  // namespace pellucid::onnx
