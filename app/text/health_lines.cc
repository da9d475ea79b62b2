// The health line: dead units, gradients and step sizes. Not here: thresholds (src/health/health_findings.cc).
#include "app/text/health_lines.h"

#include <fmt/format.h>

#include <cmath>

#include "app/cli/flag_text.h"
#include "core/text.h"

namespace pellucid::app {
namespace {

constexpr int label_width = 10;

// Figures of the first epoch: the gradient of the first layer relative to that of the last, and the median step size.
void add_first_epoch(std::vector<std::string>& parts, const EpochHealth& first) {
  std::vector<double> gradients, steps;
  for (const LayerHealth& layer : first.layers) {
    if (!std::isnan(layer.gradient_rms)) gradients.push_back(layer.gradient_rms);
    if (!std::isnan(layer.step_ratio)) steps.push_back(layer.step_ratio);
  }
  if (gradients.size() > 1 && gradients.back() > 0) {
    parts.push_back(fmt::format("the gradient of the first layer is {:.2g} times that of the last",
                                gradients.front() / gradients.back()));
  }
  if (steps.empty()) return;
  std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
  parts.push_back(fmt::format("a step changes a weight by {:.2g} %", steps[steps.size() / 2] * 100));
}

}  // namespace

Line finding_line(const Finding& finding, int width) {
  const std::string label = finding.warning ? "warn " : "note ";
  return {trim(label + finding.code), wrapped(with_flags(finding.text), width, label_width)};
}

Line health_line(const Health& health, std::size_t remarks, bool verbose, int width) {
  const std::string state = remarks == 0 ? "OK" : plural(static_cast<std::int64_t>(remarks), "remark") + " below";
  if (!verbose) return {"health", state + " (figures with -v)"};
  std::vector<std::string> parts;
  double dead = 0;
  bool hidden = false;
  for (const LayerHealth& layer : health.kept.layers) {
    hidden = hidden || !std::isnan(layer.dead);
    if (layer.dead > dead) dead = layer.dead;
  }
  if (hidden) parts.push_back(dead > 0 ? fmt::format("at most {:.1f}% dead units", dead * 100) : "no dead unit");
  if (!health.epochs.empty()) add_first_epoch(parts, health.epochs.front());
  return {"health", wrapped(state + ": " + join(parts, " · "), width, label_width)};
}

}  // namespace pellucid::app
