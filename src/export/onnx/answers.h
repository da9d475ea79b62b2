// What the outputs of a net mean, as outputs of an ONNX graph: labels, probabilities, values in their unit.
// Not here: the same for pellucid itself (src/judge).
#pragma once

#include <vector>

#include "export/onnx/graph.h"
#include "judge/output_reader.h"

namespace pellucid::onnx {

/// `outputs`: of the net (float, N × size). `refused`: as in Features; rows where it is true get no answer.
void add_answers(Graph& graph, const Model& model, const std::vector<ReadTarget>& targets, const Value& outputs,
                 std::vector<Value> refused);

}  // namespace pellucid::onnx
