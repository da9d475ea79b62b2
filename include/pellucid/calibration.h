// Calibration: the confidence of a classifier compared with its accuracy.
// Not here: scores and intervals (metric.h).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/metric.h"

namespace PELLUCID_EXPORT pellucid {

/// The rows for which the probability of the predicted class lies in one interval.
struct CalibrationBin {
  std::int64_t rows = 0;
  double confidence = 0;  ///< mean probability of the predicted class; 0 if there are no rows
  double accuracy = 0;    ///< share of these rows whose predicted class is the true one; 0 if there are no rows
};

struct Calibration {
  /// Intervals of equal width from 0 to 1. A boundary belongs to the upper bin, and 1 to the last bin.
  std::vector<CalibrationBin> bins;
  double confidence = 0;  ///< mean confidence of all rows
  double error = 0;  ///< expected calibration error, 0 (best) … 1: Σ over bins of rows/n · |accuracy − confidence|
};

/// Compares confidence with accuracy. The confidence of a row is the probability of its predicted class. `bins`: 1 to
/// 1,000,000 (else U12). Throws U20 and D17 as score() in metric.h. Guo, Pleiss, Sun, Weinberger, "On Calibration of
/// Modern Neural Networks", ICML 2017.
Calibration calibration(const ClassPredictions& predictions, std::int64_t bins = 10);

}  // namespace pellucid
