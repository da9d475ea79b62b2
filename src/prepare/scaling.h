// Fits the scale of a numeric column: offset, factor, and the value that replaces missing cells.
// Not here: gathering the numbers (fit.cc).
#pragma once

#include "pellucid/preprocess.h"

namespace pellucid {

/// Sets offset and factor from low, high, mean and deviation: feature = (cell + offset) · factor. `bytes`: the column
/// holds bytes, which are divided by 255 by default.
void choose_scale(NumberScale& fitted, Scaling scale, bool bytes);

/// The scale, range and fill of the present numbers, at least one. Reorders them.
NumberScale fit_values(LargeVector<double>& present, Scaling scale, MissingCells missing);

}  // namespace pellucid
