// What the formula files need around them: the descriptions they fill in.
// Not here: the formulas (src/activations, src/losses, src/optimizers), the value types (scalar.h, simd-inl.h).
#pragma once

#include "kernels/kernels.h"
#include "pellucid/activation.h"
#include "pellucid/loss.h"
