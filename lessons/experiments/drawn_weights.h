// draw_weights: initial weights of a dense network, drawn as the texts draw them with NumPy (out × in) and transposed
// to pellucid's layout (in × out).
// Not here: the library's initializers (pellucid/initializer.h), which use another generator.
#pragma once

#include <cmath>

#include "pellucid/numpy_random.h"
#include "pellucid/pellucid.h"

namespace pellucid::tutorial {

/// Builds the network and draws each weight matrix as `np.random.randn(out, in) * sqrt(gain / in)`; biases are zero.
/// gain 2 is He's initialisation; gain 1 is what text 000 calls Xavier.
inline void draw_weights(BasicModel<double>& model, const Shape& row, double gain, NumpyRandom& random) {
  model.build(row);
  for (Parameter<double>& parameter : model.parameters()) {
    if (parameter.value.shape().rank() != 2) continue;
    const View<double> weight = parameter.value.view();  // in × out
    const double scale = std::sqrt(gain / static_cast<double>(weight.rows));
    for (std::int64_t unit = 0; unit < weight.columns; ++unit) {
      for (std::int64_t input = 0; input < weight.rows; ++input) weight(input, unit) = random.randn() * scale;
    }
  }
}

}  // namespace pellucid::tutorial
