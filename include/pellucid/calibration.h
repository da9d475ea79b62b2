// Calibration: how sure a classifier is of its answers, against how often they are right.
// Not here: scores and intervals (metric.h).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/metric.h"

namespace PELLUCID_EXPORT pellucid {

/// Rows whose answer has a probability in one stretch of 0 … 1.
struct CalibrationBin {
  std::int64_t rows = 0;
  double confidence = 0;  ///< mean probability of the answer; 0 without rows
  double accuracy = 0;    ///< share of right answers
};

struct Calibration {
  std::vector<CalibrationBin> bins;  ///< of equal width over 0 … 1; a bound belongs to the bin above it, 1 to the last
  double confidence = 0;             ///< mean over all rows
  double error = 0;                  ///< expected calibration error: Σ rows/n · |accuracy − confidence|, 0 … 1
};

/// The answer is the predicted class, of two classes by the threshold, and the confidence its probability. Throws U20,
/// D17 as score(), U12 for fewer than one bin or more than a million. Guo, Pleiss, Sun, Weinberger, "On Calibration of
/// Modern Neural Networks", ICML 2017.
Calibration calibration(const ClassPredictions& predictions, std::int64_t bins = 10);

}  // namespace pellucid
