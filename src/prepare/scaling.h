// What is learned of a column's numbers: offset and factor by the scale asked for, and what a missing cell becomes.
// Not here: gathering the numbers (fit.cc).
#pragma once

#include "pellucid/preprocess.h"

namespace pellucid {

/// Sets offset and factor from low, high, mean and deviation: feature = (cell + offset) · factor.
void choose_scale(NumberScale& fitted, Scaling scale, bool bytes);

/// The scale, range and fill of the present numbers, of which there is at least one. Their order is lost.
NumberScale fit_values(LargeVector<double>& present, Scaling scale, MissingCells missing);

}  // namespace pellucid
