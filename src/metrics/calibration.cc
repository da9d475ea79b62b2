// Rows in bins by their confidence. Not here: text and JSON of it.
#include "pellucid/calibration.h"

#include <algorithm>
#include <cmath>

#include "pellucid/error.h"

namespace pellucid {

constexpr std::int64_t most_bins = 1000000;

Calibration calibration(const ClassPredictions& predictions, std::int64_t bins) {
  if (bins < 1 || bins > most_bins) {
    throw Error("U12", "calibration takes 1 to " + std::to_string(most_bins) + " bins, got " + std::to_string(bins));
  }
  score(predictions);  // refuses what is no prediction
  Calibration result;
  result.bins.resize(static_cast<std::size_t>(bins));
  const auto classes = static_cast<std::size_t>(predictions.classes);
  const auto rows = static_cast<double>(predictions.truth.size());
  for (std::size_t r = 0; r < predictions.truth.size(); ++r) {
    const auto row = predictions.probabilities.subspan(r * classes, classes);
    const std::int32_t answer = argmax(row);
    const double sure = row[static_cast<std::size_t>(answer)];
    const double share = sure > 0 ? std::min(sure, 1.0) : 0;  // NaN is no confidence
    const std::int64_t at = std::min(static_cast<std::int64_t>(share * static_cast<double>(bins)), bins - 1);
    CalibrationBin& bin = result.bins[static_cast<std::size_t>(at)];
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
