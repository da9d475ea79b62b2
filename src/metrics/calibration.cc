// Groups rows into bins by the confidence of their prediction. Not here: text and JSON of the result.
#include "pellucid/calibration.h"

#include <algorithm>
#include <cmath>

#include "core/convert.h"
#include "pellucid/error.h"

namespace pellucid {

constexpr std::int64_t most_bins = 1000000;

Calibration calibration(const ClassPredictions& predictions, std::int64_t bins) {
  if (bins < 1 || bins > most_bins) {
    throw Error("U12", "calibration takes 1 to " + std::to_string(most_bins) + " bins, got " + std::to_string(bins));
  }
  score(predictions);  // throws if the predictions are invalid
  Calibration result;
  result.bins.resize(static_cast<std::size_t>(bins));
  const Bins bin_of(0, 1, result.bins.size());
  const auto classes = static_cast<std::size_t>(predictions.classes);
  const auto rows = static_cast<double>(predictions.truth.size());
  for (std::size_t r = 0; r < predictions.truth.size(); ++r) {
    const auto row = predictions.probabilities.subspan(r * classes, classes);
    const std::int32_t answer = predicted_class(row, predictions.threshold);
    const double sure = row[static_cast<std::size_t>(answer)];
    CalibrationBin& bin = result.bins[bin_of(sure)];
    ++bin.rows;
    bin.confidence += sure;
    bin.accuracy += answer == predictions.truth[r] ? 1 : 0;
  }
  for (CalibrationBin& bin : result.bins) {
    result.confidence += bin.confidence / rows;
    result.error += std::abs(bin.accuracy - bin.confidence) / rows;
    if (bin.rows == 0) continue;
    bin.confidence /= static_cast<double>(bin.rows);
    bin.accuracy /= static_cast<double>(bin.rows);
  }
  return result;
}

}  // namespace pellucid
