// Finds activations that exporters write as several operators, and names them as one.
// Not here: activations that are one operator (operators.cc).
#pragma once

#include "import/onnx/graph.h"

namespace pellucid::importing {

/// Adds operators "Silu", "Gelu", "Mish" and "Softplus" for their decomposed forms: x·sigmoid(x), x·(1 + erf(x/√2))/2,
/// x·erfc(-x/√2)/2, x·tanh(softplus(x)), where(x > 20, x, softplus(x)). The operators that they replace stay, unused.
void join_activations(Graph& graph);

}  // namespace pellucid::importing
