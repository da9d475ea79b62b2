// The parts of a date, computed from days since 1970 by nodes of an ONNX graph.
// Not here: what the parts become (columns.h), dates as text (tables/dates.h).
#pragma once

#include "export/onnx/graph.h"
#include "pellucid/column_kind.h"

namespace pellucid::onnx {

/// `days`: double, N × 1, at most 3 million in either direction; NaN stays NaN.
Value date_part(Graph& graph, const Value& days, DatePart part);

}  // namespace pellucid::onnx
