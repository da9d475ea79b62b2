// Scales of numbers (standard, minmax, robust, none) and the value that replaces missing cells.
// Not here: gathering the numbers (fit.cc), applying the scale (transform.cc).
#include "prepare/scaling.h"

#include <cmath>
#include <limits>

#include "prepare/statistics.h"

namespace pellucid {

namespace {

void describe(ValueRange& fitted, const Statistics& found) {
  fitted.low = found.low;
  fitted.high = found.high;
  fitted.mean = found.mean;
  fitted.deviation = found.deviation;
}

// Subtracts the median, divides by the interquartile range and bends the result smoothly into ±3. So outliers neither
// determine the scale nor become large features.
void choose_robust_scale(NumberScale& fitted, LargeVector<double>& present) {
  const double middle_half = quantile(present, 0.75) - quantile(present, 0.25);
  fitted.offset = -median(present);
  fitted.factor = 1 / (middle_half > 0 ? middle_half : (fitted.high - fitted.low) / 2);
  fitted.squash = 3;
}

double number_fill(LargeVector<double>& present, double mean, MissingCells missing) {
  if (missing == MissingCells::error) return std::numeric_limits<double>::quiet_NaN();
  if (missing == MissingCells::mean) return mean;
  return missing == MissingCells::most_frequent ? most_frequent(present) : median(present);
}

}  // namespace

void choose_scale(NumberScale& fitted, Scaling scale, bool bytes) {
  if (fitted.low == fitted.high) {
    fitted.offset = -fitted.low;
    fitted.factor = 0;
  } else if (scale == Scaling::none) {
    fitted.offset = 0;
    fitted.factor = 1;
  } else if (scale == Scaling::minmax) {
    fitted.offset = -fitted.low;
    fitted.factor = 1 / (fitted.high - fitted.low);
  } else if (bytes && (scale == Scaling::automatic || scale == Scaling::robust)) {
    fitted.offset = 0;
    fitted.factor = 1.0 / 255;
  } else {
    fitted.offset = -fitted.mean;
    fitted.factor = 1 / fitted.deviation;
  }
  if (!std::isfinite(fitted.factor)) fitted.factor = 0;  // the spread is too small or too large to divide by
}

NumberScale fit_values(LargeVector<double>& present, Scaling scale, MissingCells missing) {
  NumberScale fitted;
  describe(fitted, statistics(present));
  choose_scale(fitted, scale, false);
  if (scale == Scaling::robust && fitted.factor != 0) choose_robust_scale(fitted, present);
  fitted.fill = number_fill(present, fitted.mean, missing);
  return fitted;
}

}  // namespace pellucid
