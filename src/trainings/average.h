// Several trained nets as one model: towers that read the same row, and the average of their outputs.
// Not here: the layer (layers/average.cc), which nets are averaged (selection.h).
#pragma once

#include <vector>

#include "pellucid/model.h"

namespace pellucid {

/// A model with the layers of all nets under the names net1_dense1 … net2_output and a last layer "output", an Average.
/// The parameters are moved. Preprocessor, threshold, training summary and test rows are those of the first net, which
/// is returned as it is if it is the only one. All nets are built for the same rows.
Model average_of(std::vector<Model> nets);

}  // namespace pellucid
