// Statistics of numbers, for scaling and for filling missing cells. Not here: which numbers (fit.cc).
#include "prepare/statistics.h"

#include <algorithm>
#include <cmath>

namespace pellucid {

Statistics statistics(std::span<const double> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  Statistics result{*low, *high, *low, 0};
  if (*low == *high) return result;
  // Squares of very large or very small numbers do not fit a double, so these are measured in units of the largest
  // number.
  const double largest = std::max(std::abs(*low), std::abs(*high));
  const double unit = largest > 1e100 || largest < 1e-100 ? largest : 1;
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (const double x : values) sum += x / unit;
  const double mean = sum / count;
  double squares = 0;
  for (const double x : values) squares += (x / unit - mean) * (x / unit - mean);
  result.mean = mean * unit;
  result.deviation = std::sqrt(squares / count) * unit;
  return result;
}

double median(LargeVector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const double below = *std::max_element(values.begin(), middle);
  return below / 2 + *middle / 2;
}

double quantile(LargeVector<double>& values, double q) {
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), below, values.end());
  const double share = place - std::floor(place);
  if (share == 0) return *below;
  const double above = *std::min_element(below + 1, values.end());
  return *below * (1 - share) + above * share;
}

double most_frequent(LargeVector<double>& values) {
  std::sort(values.begin(), values.end());
  double best = values.front();
  std::ptrdiff_t most = 0;
  for (auto run = values.begin(); run != values.end();) {
    const auto next = std::upper_bound(run, values.end(), *run);
    if (next - run > most) {
      most = next - run;
      best = *run;
    }
    run = next;
  }
  return best;
}

}  // namespace pellucid
