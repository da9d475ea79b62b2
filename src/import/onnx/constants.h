// Operators on constants, which are computed while importing. Not here: operators on data (operators.cc).
#pragma once

#include <optional>

#include "import/onnx/graph.h"
#include "import/onnx/net.h"

namespace pellucid::importing {

/// The result of an operator all of whose inputs are constants; nothing if pellucid cannot compute it. Throws D21 if
/// the inputs contradict each other. `inputs` has null for an input that is left out.
std::optional<Constant> fold(const Operator& op, const std::vector<const Constant*>& inputs, const Graph& graph);

/// The shape of a value as a constant; its number of rows is any_rows.
Constant shape_of(const Value& value);

/// The constant stretched to one row of a value with these extents, and the same for all rows. Throws U38 if it
/// differs from row to row or has another shape.
std::vector<double> one_row(const Operator& op, const Constant& constant, const Extents& extents, const Graph& graph);

/// The operator's axes, which are an attribute or, since operator set 13, an input; counted from the front.
std::vector<std::int64_t> axes_of(const Operator& op, const Constant* input, std::int64_t rank, const Graph& graph);

}  // namespace pellucid::importing
