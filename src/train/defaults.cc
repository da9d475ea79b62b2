// The rules behind "auto" in training options, and the checks of these options.
// Not here: the training itself (training_run.cc).
#include "train/defaults.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "optimizers/rule.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// More rows than any table has; sums with it do not overflow.
constexpr std::int64_t most_rows_of_a_block = std::int64_t{1} << 40;
constexpr std::int64_t most_epochs = 1'000'000'000;  // so that the number of all steps fits into 64 bits

template <class T>
void check_for_lbfgs(const BasicFitOptions<T>& o) {
  const auto refuse = [](const char* what) {
    throw Error("U06",
                fmt::format("the optimizer lbfgs works on all rows at once and chooses its own steps: no {}", what));
  };
  if (o.l1 > 0) refuse("l1");
  if (o.clip_norm > 0 || o.clip_value > 0) refuse("clipping");
  if (o.schedule.kind != "constant" || o.schedule_function) refuse("schedule");
  if (o.dropout_schedule != FactorSchedule::constant || o.decay_schedule != FactorSchedule::constant)
    refuse("schedule");
}

}  // namespace

void require_setting(bool holds, const char* name, const char* range, double got) {
  if (!holds) throw Error("U12", fmt::format("{} takes {}, got {}", name, range, number_text(got)));
}

double checked_factor(const ScheduleFunction& schedule, const Progress& progress) {
  const double factor = schedule(progress);
  if (factor >= 0 && std::isfinite(factor)) return factor;
  throw Error("U12", fmt::format("a schedule function returns a factor ≥ 0, got {} after {}", number_text(factor),
                                 plural(progress.step, "step")));
}

AutoRule auto_batch_size(std::int64_t train_rows) {
  return {train_rows < 10000 ? 32 : train_rows < 20000 ? 64 : 128, plural(train_rows, "training row")};
}

AutoRule auto_epochs(std::int64_t train_rows, bool classification) {
  const std::int64_t batch = auto_batch_size(train_rows).value;
  const std::int64_t steps = std::max<std::int64_t>(1, (train_rows + batch - 1) / batch);
  const std::int64_t wanted = classification ? 8000 : 40000;
  return {std::clamp<std::int64_t>(wanted / steps, 20, 400), plural(train_rows, "training row")};
}

AutoRule auto_patience(std::int64_t epochs) {
  return {std::max<std::int64_t>(5, epochs / 2), plural(epochs, "epoch")};
}

template <class T>
BasicFitOptions<T> with_defaults(BasicFitOptions<T> o, const Dataset& train) {
  const std::int64_t train_rows = train.rows();
  o.optimizer.check();
  o.schedule.check();
  if (o.schedule_function && o.schedule.kind != "constant")
    throw Error("U06", "a training has one schedule: schedule_function, or schedule of kind " + o.schedule.kind);
  require_setting(o.epochs != 0, "epochs", "≥ 1", 0);
  require_setting(o.epochs <= most_epochs, "epochs", "1 to 1,000,000,000", static_cast<double>(o.epochs));
  require_setting(o.batch_size != 0, "batch_size", "≥ 1", 0);
  require_setting(o.row_block >= 1, "row_block", "≥ 1", static_cast<double>(o.row_block));
  require_setting(o.threads >= 0 && o.threads <= 64, "threads", "0 to 64", static_cast<double>(o.threads));
  require_setting(o.l1 >= 0, "l1", "≥ 0", o.l1);
  require_setting(o.l2 >= 0, "l2", "≥ 0", o.l2);
  require_setting(o.clip_norm >= 0, "clip_norm", "≥ 0", o.clip_norm);
  require_setting(o.clip_value >= 0, "clip_value", "≥ 0", o.clip_value);
  require_setting(o.patience_factor >= 1 && std::isfinite(o.patience_factor), "patience_factor", "≥ 1",
                  o.patience_factor);
  require_setting(o.min_delta >= 0, "min_delta", "≥ 0", o.min_delta);
  require_setting(o.stop_change >= 0, "stop_change", "≥ 0", o.stop_change);
  if (o.epochs < 0) o.epochs = auto_epochs(train_rows, train.is_classification()).value;
  if (o.patience < 0) o.patience = auto_patience(o.epochs).value;
  if (o.batch_size < 0) o.batch_size = auto_batch_size(train_rows).value;
  o.batch_size = std::min(o.batch_size, train_rows);
  o.row_block = std::min(o.row_block, most_rows_of_a_block);
  if (o.optimizer.settings().rule() < 0) {
    check_for_lbfgs(o);
    o.batch_size = train_rows;
  }
  return o;
}

template BasicFitOptions<float> with_defaults(BasicFitOptions<float>, const Dataset&);
template BasicFitOptions<double> with_defaults(BasicFitOptions<double>, const Dataset&);

}  // namespace pellucid
