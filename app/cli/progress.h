// Progress: an observer that shows the epochs (a table and a live line, plain lines in a pipe, JSON) and logs them.
// Not here: what is said before and after (preamble.h, result_block.h).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/cli/reporter.h"
#include "pellucid/findings.h"
#include "pellucid/observer.h"

namespace pellucid::app {

class Progress : public Observer {
 public:
  /// `log` may be null (dry runs, repeats).
  Progress(Reporter& reporter, RunLog* log, ScoreKind kind) : reporter_(reporter), log_(log), kind_(kind) {}

  void on_start(std::int64_t epochs, std::int64_t steps_per_epoch) override;
  void on_step(std::int64_t step, const Values<float>& values) override;
  void on_epoch(const EpochRecord& record) override;
  /// What the first epoch tells is said at once.
  void on_health(const EpochHealth& health) override;
  /// Removes the live line and shows the best epoch if it was not shown.
  void end();

  const std::vector<EpochRecord>& epochs() const noexcept { return all_; }
  std::int64_t epochs_done() const noexcept { return last_.epoch; }
  const EpochRecord& last() const noexcept { return last_; }
  bool has_told(const Finding& finding) const;
  const std::vector<EpochHealth>& health() const noexcept { return health_; }

 private:
  std::string plain_line(const EpochRecord& record) const;
  std::string table_line(const EpochRecord& record) const;
  void draw_live(double epochs_finished);

  Reporter& reporter_;
  RunLog* log_;
  ScoreKind kind_;
  std::int64_t epochs_ = 0, steps_per_epoch_ = 1, first_step_ = -1;
  std::int64_t first_epoch_ = 0;
  EpochRecord last_, best_;
  std::vector<EpochRecord> all_;
  std::vector<EpochHealth> health_;
  std::int64_t shown_ = 0;  ///< last epoch that has a line in the table
  std::chrono::steady_clock::time_point start_{}, drawn_{};
};

/// The sparkline of the validation losses (training losses where there are none), labelled.
Line loss_sparkline(const std::vector<EpochRecord>& epochs, int width);

}  // namespace pellucid::app
