// Calibration: the confidence of a classifier compared with its accuracy.
// Not here: scores and intervals (metric.h).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/metric.h"

namespace PELLUCID_EXPORT pellucid {

/// Rows whose predicted class has a probability in one interval of 0 … 1.
struct CalibrationBin {
  std::int64_t rows = 0;
  double confidence = 0;  ///< mean probability of the predicted class; 0 without rows
  double accuracy = 0;    ///< share of rows whose predicted class is right
};

struct Calibration {
  std::vector<CalibrationBin>
      bins;               ///< equal widths over 0 … 1; a boundary belongs to the bin above it, 1 to the last bin
  double confidence = 0;  ///< mean over all rows
  double error = 0;       ///< expected calibration error: Σ rows/n · |accuracy − confidence|, 0 … 1
};

/// The confidence of a row is the probability of its predicted class. Throws U20 and D17 as score(), U12 for fewer than
/// one bin or more than a million. Guo, Pleiss, Sun, Weinberger, "On Calibration of
/// Modern Neural Networks", ICML 2017.
Calibration calibration(const ClassPredictions& predictions, std::int64_t bins = 10);

}  // namespace pellucid
