// Schedule: how the learning rate changes during training. FactorSchedule: the same for dropout and weight decay.
// Not here: the learning rate itself, which is a setting of the optimizer (optimizer.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "pellucid/describe.h"

namespace PELLUCID_EXPORT pellucid {

/// The factor that multiplies the optimizer's learning rate, computed anew for each step. `kind` is one of
///   constant   1
///   step       gamma ^ floor(epoch / every)
///   cosine     minimum + (1 - minimum) · ½(1 + cos(π t)), t = steps done / all steps
///              (Loshchilov, Hutter, ICLR 2017, without restarts)
///   plateau    multiplied by gamma after each `patience` epochs without a better validation loss
///   onecycle   linear up from 1/25 to 1 in the first `warmup` of all steps, then a cosine down to 1e-4
///              (Smith, Topin 2017)
///   flat_cos   1 for t < ½, then ½(1 + cos(π(2t - 1))), of the same paper as coslog4
///   coslog4    ½(1 - cos(2π log₂(1 + 15 t))): four waves from 0 up to 1 and back, each twice as long as the one before
///              (Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, §3)
struct Schedule {
  std::string kind = "constant";
  double gamma = 0.5;         ///< step, plateau: 0 < gamma < 1
  std::int64_t every = 10;    ///< step: number of epochs between two reductions, ≥ 1
  std::int64_t patience = 5;  ///< plateau: epochs, ≥ 1
  double minimum = 0;         ///< cosine: the last factor, 0 to 1
  double warmup = 0.3;        ///< onecycle: share of all steps in which the factor rises, 0 to 1

  void describe(Fields& fields);
  void check() const;  ///< throws U11, U12
  /// Whether the factor depends on the number of steps planned in all. Such a training cannot be resumed with more
  /// epochs.
  bool reads_all_steps() const noexcept;
};

/// How dropout or weight decay changes during training: not at all, or by the factor flat_cos of Schedule.
enum class FactorSchedule { constant, flat_cos };

/// How far a training has come, for a schedule.
struct Progress {
  std::int64_t step = 0;      ///< steps done
  std::int64_t steps = 1;     ///< steps planned in all; a Stepper plans none and leaves 1
  std::int64_t epoch = 0;     ///< epochs done; a Stepper knows no epochs and leaves 0
  std::int64_t plateaus = 0;  ///< how often the kind `plateau` has lowered the learning rate
};

/// A schedule of your own: a function called before each step that returns the factor on the learning rate. The factor
/// must be finite and ≥ 0 (else U12), and must depend on `progress` only; otherwise a resumed training ends with other
/// numbers.
using ScheduleFunction = std::function<double(const Progress& progress)>;

/// Description of one kind of schedule (the table is in src/optimizers/schedule.cc).
struct ScheduleKind {
  const char* name;
  const char* help;     ///< one line
  const char* formula;  ///< formula of the factor
  const char* source;   ///< paper, or ""
};
std::vector<ScheduleKind> schedule_kinds();

/// The factor of a schedule. Computed in double precision without functions of the C library, so that the bits are the
/// same on every machine.
double learning_rate_factor(const Schedule& schedule, const Progress& progress);
/// The factor on dropout or weight decay.
double schedule_factor(FactorSchedule schedule, const Progress& progress);

}  // namespace pellucid
