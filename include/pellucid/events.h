// Events: what train() (run.h) tells while it works. A front end shows them; the library prints nothing.
// Not here: what a fit() by itself tells (observer.h).
#pragma once

#include <cstdint>
#include <string>

#include "pellucid/error.h"
#include "pellucid/findings.h"
#include "pellucid/observer.h"
#include "pellucid/run_result.h"

namespace PELLUCID_EXPORT pellucid {

struct Run;

/// Where a resumed run stands.
struct ResumedRun {
  std::string folder{};
  std::int64_t epoch = 0;   ///< finished epochs
  std::int64_t epochs = 0;  ///< epochs that are asked for now
  std::string ended{};     ///< why no epoch is left to train, in the words of History::stopped; empty: training goes on
  bool is_judged = false;  ///< the folder holds the whole result already: nothing is changed, train() returns at once
  bool cells_checked =
      true;              ///< false: an earlier version wrote the checkpoint, which cannot tell whether cells changed
  std::string way_on{};  ///< where training has ended: how to train longer
};

/// All calls come from the thread that called train(), in this order:
///   on_resume (a resumed run only) · on_folder (where files are written) · on_data · on_finding for each remark about
///   the data · on_plan · the calls of Observer: on_start, on_step, on_health, on_epoch · on_trained · on_finding for
///   each remark about the training · on_training for each further training · on_result
/// A remark about the first epoch comes as soon as that epoch ends. Override what you need. A call that throws ends the
/// run with that exception; what was written until then stays, and can be resumed.
class Events : public Observer {
 public:
  virtual void on_resume(const ResumedRun& /*run*/) {}
  /// Files will be written into this folder, which exists.
  virtual void on_folder(const std::string& /*folder*/) {}
  /// The folder is gone again: the run failed before its first epoch was finished.
  virtual void on_abandoned() {}
  /// Rows are split: `preprocessor`, the numbers of rows and `findings` are known.
  virtual void on_data(const Run& /*run*/) {}
  virtual void on_finding(const Finding& /*finding*/) {}
  /// Everything that was "auto" is decided and the model is built; the first step follows.
  virtual void on_plan(const Run& /*run*/) {}
  /// The model is trained and calibrated; nothing is judged yet. `history` is complete.
  virtual void on_trained(const Run& /*run*/) {}
  /// The `number`th of `count` trainings begins (repeat, folds; the first one is the run's own and not told).
  virtual void on_training(std::int64_t /*number*/, std::int64_t /*count*/) {}
  /// A further training diverged; the mean is taken without it.
  virtual void on_left_out(const RepeatRecord& /*training*/, const Error& /*why*/) {}
  /// Training diverged; train() throws this error next. run.model holds the last good weights.
  virtual void on_failure(const Run& /*run*/, const Error& /*error*/) {}
  /// The run is over: complete, interrupted or a dry run (RunResult::status).
  virtual void on_result(const Run& /*run*/) {}
};

}  // namespace pellucid
