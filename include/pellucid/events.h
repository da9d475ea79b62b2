// Events: callbacks of train() (run.h). A program overrides them to show progress; the library prints nothing.
// Not here: the callbacks of fit() (observer.h).
#pragma once

#include <cstdint>
#include <string>

#include "pellucid/error.h"
#include "pellucid/findings.h"
#include "pellucid/members.h"
#include "pellucid/observer.h"
#include "pellucid/run_result.h"

namespace PELLUCID_EXPORT pellucid {

struct Run;

/// The state of a run that is resumed.
struct ResumedRun {
  std::string folder{};
  std::int64_t epoch = 0;   ///< finished epochs
  std::int64_t epochs = 0;  ///< number of epochs requested now
  std::int64_t nets = 0;    ///< of a run with members: nets that are complete; `epoch` is then that of the first one
  std::string ended{};      ///< why no epoch is left to train (see History::stopped); empty: training continues
  /// the folder already holds the complete result: nothing is changed, and train() returns at once
  bool is_judged = false;
  /// False: the checkpoint is from an earlier version and cannot tell whether cells have changed.
  bool cells_checked = true;
  std::string way_on{};  ///< if training has ended: what to do to train longer; otherwise empty
};

/// All functions but on_member are called on the thread that called train(), in this order:
///   on_resume (a resumed run only) · on_folder (if files are written) · on_data · on_finding for each finding about
///   the data · on_plan · the calls of Observer: on_start, on_step, on_health, on_epoch; with members those
///   of the first net, then on_member for each member · on_trained · on_finding for each finding about the training ·
///   on_training for each further training · on_distill · on_final · on_result
/// Findings about the first epoch come as soon as that epoch ends. Override the functions you need. If one of them
/// throws, the run ends with that exception; the files written so far stay and can be resumed.
class Events : public Observer {
 public:
  virtual void on_resume(const ResumedRun& /*run*/) {}
  /// Files will be written into this folder, which now exists.
  virtual void on_folder(const std::string& /*folder*/) {}
  /// The folder was removed again, because the run failed before its first epoch ended.
  virtual void on_abandoned() {}
  /// The rows are split: `preprocessor`, `findings` and the numbers of rows are known.
  virtual void on_data(const Run& /*run*/) {}
  virtual void on_finding(const Finding& /*finding*/) {}
  /// All settings are decided ("auto" is replaced) and the model is built; the first training step follows.
  virtual void on_plan(const Run& /*run*/) {}
  /// A member has ended; they come in the order of their numbers. Called on the thread that called train() or on a
  /// worker thread, but never twice at the same time.
  virtual void on_member(const MemberProgress& /*progress*/) {}
  /// The model is trained and calibrated, but not evaluated yet. `history` is complete.
  virtual void on_trained(const Run& /*run*/) {}
  /// The small net of the setting distill is about to be trained; the model is evaluated.
  virtual void on_distill(const Run& /*run*/) {}
  /// The model of the setting final is about to be trained; everything else of the run is computed.
  virtual void on_final(const Run& /*run*/) {}
  /// Training `number` of `count` begins (settings repeat and folds). Called from number 2 on: the first training is
  /// the run itself.
  virtual void on_training(std::int64_t /*number*/, std::int64_t /*count*/) {}
  /// A further training diverged. It is left out of the mean.
  virtual void on_left_out(const RepeatRecord& /*training*/, const Error& /*why*/) {}
  /// Training diverged, and train() will throw this error. run.model holds the last good weights.
  virtual void on_failure(const Run& /*run*/, const Error& /*error*/) {}
  /// The run has ended: complete, interrupted or a dry run (RunResult::status).
  virtual void on_result(const Run& /*run*/) {}
};

}  // namespace pellucid
