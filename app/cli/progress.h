// Progress: shows the epochs as a table and a live line in a terminal, as plain lines in a pipe, or as JSON lines.
// Not here: the lines before and after the epochs (run_printer.h).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/cli/reporter.h"
#include "pellucid/observer.h"

namespace pellucid::app {

class Progress : public Observer {
 public:
  Progress(Reporter& reporter, ScoreKind kind) : reporter_(reporter), kind_(kind) {}

  void on_start(std::int64_t epochs, std::int64_t steps_per_epoch) override;
  void on_step(std::int64_t step, const Values<float>& values) override;
  void on_epoch(const EpochRecord& record) override;
  /// Removes the live line, and shows the best epoch if it has not been shown yet.
  void end();

 private:
  std::string plain_line(const EpochRecord& record) const;
  std::string table_line(const EpochRecord& record) const;
  void draw_live(double epochs_finished);

  Reporter& reporter_;
  ScoreKind kind_;
  std::int64_t epochs_ = 0, steps_per_epoch_ = 1, first_step_ = -1;
  std::int64_t first_epoch_ = 0;
  EpochRecord last_, best_;
  std::int64_t shown_ = 0;  ///< the last epoch that has a line in the table
  std::chrono::steady_clock::time_point start_{}, drawn_{};
};

/// The sparkline of the validation losses (training losses where there are none), labelled.
Line loss_sparkline(const std::vector<EpochRecord>& epochs, int width);

}  // namespace pellucid::app
