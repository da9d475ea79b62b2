// Statistics of numbers, for scaling and filling. Not here: which numbers (fit.cc).
#pragma once

#include <cstdint>
#include <span>

#include "pellucid/large_vector.h"

namespace pellucid {

struct Statistics {
  double low = 0, high = 0, mean = 0;
  double deviation = 0;  ///< of the population: √(Σ(x − mean)² / n)
};

/// Of at least one number; the same bits for the same numbers in the same order, without overflow.
Statistics statistics(std::span<const double> values);
/// Mean of the two middle ones where the count is even. Reorders.
double median(LargeVector<double>& values);
/// The number below which the share q of them lies, between two neighbours by proportion. Reorders.
double quantile(LargeVector<double>& values, double q);
/// The least of the most frequent ones. Reorders.
double most_frequent(LargeVector<double>& values);

}  // namespace pellucid
