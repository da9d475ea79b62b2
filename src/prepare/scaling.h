// What is learned of a column's numbers: offset and factor by the scale asked for, and what a missing cell becomes.
// Not here: gathering the numbers (fit.cc).
#pragma once

#include "pellucid/preprocess.h"

namespace pellucid {

/// Sets offset and factor from low, high, mean and deviation: feature = (cell + offset) · factor.
void choose_scale(FittedColumn& fitted, const std::string& scale);

/// Sets all that FittedColumn holds of numbers from those that are present, of which there is at least one. Their order
/// is lost.
void fit_values(FittedColumn& fitted, LargeVector<double>& present, const PreprocessOptions& options);

}  // namespace pellucid
