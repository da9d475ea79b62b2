// From positions among the training rows to rows of the table. Not here: the ranking.
#include "report/suspects.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/health_findings.h"

namespace pellucid {
namespace {

constexpr double doubted = 0.5, believed = 0.9;

}  // namespace

std::vector<SuspectRecord> suspect_records(const Health& health, const Dataset& train) {
  std::vector<SuspectRecord> records;
  for (const LabelSuspect& suspect : label_suspects(health)) {
    records.push_back({train.indices()[static_cast<std::size_t>(suspect.position)], train.label(suspect.position),
                       suspect.probability});
  }
  return records;
}

std::optional<Finding> suspect_finding(const Health& health, const Dataset& train) {
  std::vector<double> p = health.own_probability;
  std::erase_if(p, [](double x) { return std::isnan(x); });
  if (p.empty()) return std::nullopt;
  const auto middle = p.begin() + static_cast<std::ptrdiff_t>(p.size() / 2);
  std::nth_element(p.begin(), middle, p.end());
  const auto count = std::count_if(p.begin(), p.end(), [](double x) { return x < doubted; });
  if (count == 0 || *middle < believed) return std::nullopt;
  const SuspectRecord first = suspect_records(health, train).front();
  return Finding{
      false, "D07",
      fmt::format("{} {} mislabelled or hard: over the epochs {} own label had a probability under {:.0f} %, "
                  "the least row {} with {:.1f} %",
                  plural(count, "training row"), count == 1 ? "is" : "are", count == 1 ? "its" : "their", doubted * 100,
                  count_text(first.row + 1), first.probability * 100)};
}

}  // namespace pellucid
