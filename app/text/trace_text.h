// A traced training step as text with formulas, and as JSON.
// Not here: computing the step (src/train/trace.cc).
#pragma once

#include <string>

#include "core/settings.h"
#include "pellucid/model.h"
#include "pellucid/trace.h"

namespace pellucid::app {

struct TraceView {
  std::int64_t top = 5;  ///< units of a layer, inputs of a sum and weights of a matrix that are shown one by one
};

/// Forward, loss, backward and update of one row; `row` is its index in the trace, from 0.
std::string trace_text(const Model& model, const Trace& trace, std::int64_t row, const TraceView& view);

/// Every number: {"v", "loss", "loss_after", "optimizer", "learning_rate", "values", "updated"}; each value an object
/// with its shape and its numbers row by row.
Json trace_json(const Trace& trace);

}  // namespace pellucid::app
