// Schedule: how the learning rate changes while training goes on.
// Not here: the optimizers that use it (optimizer.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pellucid/describe.h"

namespace PELLUCID_EXPORT pellucid {

/// The factor on the learning rate. `kind` is one of
///   constant   1
///   step       gamma ^ floor(epoch / every)
///   cosine     minimum + (1 - minimum) · ½(1 + cos(π t)), t = steps done / all steps
///              (Loshchilov, Hutter, ICLR 2017, without restarts)
///   plateau    · gamma after `patience` epochs without a better validation loss
///   onecycle   linear up from 1/25 to 1 in the first `warmup` of all steps, then a cosine down to 1e-4
///              (Smith, Topin 2017)
///   coslog4    ½(1 - cos(2π log₂(1 + 15 t))): from 0 four times up and down, each time twice as long
///              (Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, §3)
struct Schedule {
  std::string kind = "constant";
  double gamma = 0.5;
  std::int64_t every = 10;    ///< epochs
  std::int64_t patience = 5;  ///< epochs
  double minimum = 0;
  double warmup = 0.3;

  void describe(Fields& fields);
  void check() const;  ///< throws U11, U12
  /// Whether the factor depends on how many steps are planned in all, so that a training cannot be prolonged.
  bool reads_all_steps() const noexcept;
};

/// Where training stands, for a schedule.
struct Progress {
  std::int64_t step = 0;      ///< steps done
  std::int64_t steps = 1;     ///< steps planned in all
  std::int64_t epoch = 0;     ///< epochs done
  std::int64_t plateaus = 0;  ///< how often `plateau` has fired
};

/// What is said of one kind of schedule: a row of the table in src/optimizers/schedule.cc.
struct ScheduleKind {
  const char* name;
  const char* help;     ///< one line
  const char* formula;  ///< of the factor
  const char* source;   ///< paper, or ""
};
std::vector<ScheduleKind> schedule_kinds();

/// In double, without libm: the bits do not depend on the machine.
double learning_rate_factor(const Schedule& schedule, const Progress& progress);

}  // namespace pellucid
