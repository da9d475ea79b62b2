// Shared by both renderers: ranges, ticks, histogram bins.
// Not here: drawing (lessons/figures/text_figure.cc, lessons/figures/svg_figure.cc).
#include "lessons/figures/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/text.h"

namespace pellucid::figures {

const Frame& frame_of(const Figure& figure) {
  return std::visit([](const auto& one) -> const Frame& { return one.frame; }, figure);
}

std::vector<double> ticks(double low, double high, int wanted) {
  const double raw = (high - low) / std::max(1, wanted);
  const double power = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double nice : {5.0, 2.0, 1.0}) {
    if (nice * power >= raw * 0.999) step = nice * power;
  }
  std::vector<double> result;
  for (double i = std::ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i) result.push_back(i * step + 0.0);
  return result;
}

std::string tick_text(double value) {
  const double size = std::abs(value);
  if (size >= 1000 && size < 1e9) return count_text(static_cast<std::int64_t>(std::llround(value)));
  return fmt::format("{:.3g}", value);
}

std::pair<double, double> range_of(const std::vector<const std::vector<double>*>& lists) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const std::vector<double>* list : lists) {
    for (const double value : *list) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (low > high) return {0, 1};
  if (low == high) return {low - 0.5, high + 0.5};
  return {low, high};
}

Bins bins_of(const Histogram& histogram) {
  const auto [low, high] = range_of({&histogram.values});
  const int bins = std::max(1, histogram.bins);
  Bins result;
  for (int i = 0; i <= bins; ++i) result.edges.push_back(low + (high - low) * i / bins);
  result.counts.assign(static_cast<std::size_t>(bins), 0);
  for (const double value : histogram.values) {
    if (!std::isfinite(value)) continue;
    const auto bin = static_cast<int>((value - low) / (high - low) * bins);
    ++result.counts[static_cast<std::size_t>(std::clamp(bin, 0, bins - 1))];
  }
  return result;
}

}  // namespace pellucid::figures
