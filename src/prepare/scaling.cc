// Scales of numbers: standard, minmax, robust, none; and the fill of missing cells.
// Not here: which numbers (fit.cc), applying it (transform.cc).
#include "prepare/scaling.h"

#include <cmath>
#include <limits>

#include "prepare/statistics.h"

namespace pellucid {

namespace {

void describe(FittedColumn& fitted, const Statistics& found) {
  fitted.low = found.low;
  fitted.high = found.high;
  fitted.mean = found.mean;
  fitted.deviation = found.deviation;
}

// Less the median, through the middle half's width, drawn towards ±3: outliers neither set the scale nor lie far out.
void choose_robust_scale(FittedColumn& fitted, LargeVector<double>& present) {
  const double middle_half = quantile(present, 0.75) - quantile(present, 0.25);
  fitted.offset = -median(present);
  fitted.factor = 1 / (middle_half > 0 ? middle_half : (fitted.high - fitted.low) / 2);
  fitted.squash = 3;
}

double number_fill(LargeVector<double>& present, double mean, const std::string& missing) {
  if (missing == "error") return std::numeric_limits<double>::quiet_NaN();
  if (missing == "mean") return mean;
  return missing == "most-frequent" ? most_frequent(present) : median(present);
}

}  // namespace

void choose_scale(FittedColumn& fitted, const std::string& scale) {
  if (fitted.low == fitted.high) {
    fitted.offset = -fitted.low;
    fitted.factor = 0;
  } else if (scale == "none") {
    fitted.offset = 0;
    fitted.factor = 1;
  } else if (scale == "minmax") {
    fitted.offset = -fitted.low;
    fitted.factor = 1 / (fitted.high - fitted.low);
  } else if ((scale == "auto" || scale == "robust") && fitted.kind == "bytes") {
    fitted.offset = 0;
    fitted.factor = 1.0 / 255;
  } else {
    fitted.offset = -fitted.mean;
    fitted.factor = 1 / fitted.deviation;
  }
  if (!std::isfinite(fitted.factor)) fitted.factor = 0;  // a spread that no double can divide by
}

void fit_values(FittedColumn& fitted, LargeVector<double>& present, const PreprocessOptions& options) {
  describe(fitted, statistics(present));
  choose_scale(fitted, options.scale);
  if (options.scale == "robust" && fitted.factor != 0) choose_robust_scale(fitted, present);
  fitted.fill = number_fill(present, fitted.mean, options.missing);
}

}  // namespace pellucid
