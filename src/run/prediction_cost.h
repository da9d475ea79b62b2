// What a prediction of a model costs: multiplications and time. Not here: memory (model_file.md, c_source.h).
#pragma once

#include <cstdint>

#include "pellucid/dataset.h"
#include "pellucid/model.h"

namespace pellucid {

/// Multiplications of a number of the row, or what became of it, with a parameter, for one prediction. Activations are
/// not counted. Throws as net_of() (export/net.h).
std::int64_t multiplications_per_row(const Model& model);

/// Measured on up to 256 of the rows, predicted in one call on one thread. `rows` has at least one row.
double microseconds_per_row(const Model& model, const Dataset& rows);

}  // namespace pellucid
