// RunPrinter: shows a run while it is training: on the terminal, as JSON lines, and in the run's log.txt.
// Not here: the lines of the epochs (progress.h), the texts of the other lines (app/text).
#pragma once

#include <optional>
#include <string>

#include "app/cli/progress.h"
#include "app/cli/reporter.h"
#include "pellucid/run.h"

namespace pellucid::app {

class RunPrinter : public Events {
 public:
  /// `silent`: write only log.txt.
  RunPrinter(Terminal& terminal, const FolderOptions& folder, bool silent)
      : terminal_(terminal), folder_(folder), silent_(silent), reporter_(terminal) {}

  void on_resume(const ResumedRun& run) override;
  void on_folder(const std::string& folder) override { reporter_.attach(folder); }
  void on_abandoned() override { reporter_.detach(); }
  void on_data(const Run& run) override;
  void on_finding(const Finding& finding) override;
  void on_plan(const Run& run) override;
  void on_start(std::int64_t epochs, std::int64_t steps_per_epoch) override;
  void on_step(std::int64_t step, const Values<float>& values) override { progress_->on_step(step, values); }
  void on_health(const EpochHealth& health) override;
  void on_epoch(const EpochRecord& record) override { progress_->on_epoch(record); }
  void on_member(const MemberProgress& progress) override;
  void on_trained(const Run& run) override;
  void on_distill(const Run& run) override;
  void on_final(const Run& run) override;
  void on_training(std::int64_t number, std::int64_t count) override;
  void on_left_out(const RepeatRecord& training, const Error& why) override;
  void on_result(const Run& run) override;

  /// Removes the live line; call it also if the run failed.
  void end();

 private:
  void say_memory();
  void say_interrupted(const Run& run);

  Terminal& terminal_;
  const FolderOptions& folder_;
  bool silent_, was_judged_ = false;
  Reporter reporter_;
  ScoreKind kind_ = ScoreKind::accuracy;
  std::optional<Progress> progress_;
};

}  // namespace pellucid::app
