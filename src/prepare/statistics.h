// Statistics of numbers, for scaling and for filling missing cells. Not here: which numbers (fit.cc).
#pragma once

#include <cstdint>
#include <span>

#include "pellucid/large_vector.h"

namespace pellucid {

struct Statistics {
  double low = 0, high = 0, mean = 0;
  double deviation = 0;  ///< of the population: √(Σ(x − mean)² / n)
};

/// Needs at least one number. Does not overflow; the result depends on the order only by rounding.
Statistics statistics(std::span<const double> values);
/// The mean of the two middle numbers if the count is even. Reorders the numbers.
double median(LargeVector<double>& values);
/// The q-quantile, 0 ≤ q ≤ 1, linearly interpolated between neighbours. Reorders the numbers.
double quantile(LargeVector<double>& values, double q);
/// The most frequent number; the least one of several. Sorts the numbers.
double most_frequent(LargeVector<double>& values);

}  // namespace pellucid
