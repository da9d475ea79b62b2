// Passes epochs on to log and events. Not here: the checks of a training (pellucid/health_findings.h).
#include "run/course_watch.h"

#include <algorithm>

#include "pellucid/health_findings.h"

namespace pellucid {

void CourseWatch::on_start(std::int64_t epochs, std::int64_t steps_per_epoch) {
  events_.on_start(epochs, steps_per_epoch);
}

void CourseWatch::on_step(std::int64_t step, const Values<float>& values) {
  events_.on_step(step, values);
}

void CourseWatch::on_health(const EpochHealth& health) {
  health_.push_back(health);
  events_.on_health(health);
  if (resumed_ || health_.size() > 1) return;
  told_ = find_early_faults(health);
  for (const Finding& finding : told_) events_.on_finding(finding);
}

void CourseWatch::on_epoch(const EpochRecord& record) {
  epochs_.push_back(record);
  if (log_ != nullptr) log_->epoch(record, kind_);
  events_.on_epoch(record);
}

bool CourseWatch::has_told(const Finding& finding) const {
  return std::ranges::any_of(told_, [&](const Finding& told) { return told.code == finding.code; });
}

}  // namespace pellucid
