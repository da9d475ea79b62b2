// What the formula files need: the description types that they fill in.
// Not here: the formulas (src/activations, src/losses, src/optimizers), value types (kernels/scalar.h, simd-inl.h).
#pragma once

#include "kernels/kernels.h"
#include "pellucid/activation.h"
#include "pellucid/loss.h"
