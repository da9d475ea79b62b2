// CourseWatch: the observer of a run's training. It writes epochs to metrics.jsonl, passes them to the events, and
// keeps them for the report of a run that diverges.
// Not here: displaying them (the program).
#pragma once

#include <vector>

#include "pellucid/events.h"
#include "run/run_log.h"

namespace pellucid {

class CourseWatch : public Observer {
 public:
  /// `log` may be null. `resumed`: findings about the first epoch were already reported when the run began.
  CourseWatch(Events& events, RunLog* log, ScoreKind kind, bool resumed)
      : events_(events), log_(log), kind_(kind), resumed_(resumed) {}

  void on_start(std::int64_t epochs, std::int64_t steps_per_epoch) override;
  void on_step(std::int64_t step, const Values<float>& values) override;
  void on_health(const EpochHealth& health) override;
  void on_epoch(const EpochRecord& record) override;

  /// The epochs of this call of train(), without earlier epochs of a resumed run.
  const std::vector<EpochRecord>& epochs() const noexcept { return epochs_; }
  const std::vector<EpochHealth>& health() const noexcept { return health_; }
  std::int64_t epochs_done() const noexcept { return epochs_.empty() ? 0 : epochs_.back().epoch; }
  /// Whether a finding with this code was already reported after the first epoch.
  bool has_told(const Finding& finding) const;

 private:
  Events& events_;
  RunLog* log_;
  ScoreKind kind_;
  bool resumed_;
  std::vector<EpochRecord> epochs_;
  std::vector<EpochHealth> health_;
  std::vector<Finding> told_;
};

}  // namespace pellucid
