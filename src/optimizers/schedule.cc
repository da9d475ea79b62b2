// Learning-rate schedules: the factor on the learning rate, by kind.
// Not here: detecting a plateau (src/train), optimizers (optimizers/optimizer.cc).
#include "pellucid/schedule.h"

#include <algorithm>

#include "core/settings.h"
#include "core/text.h"
#include "kernels/scalar_math.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// One row per kind. `done` is the share of all steps that are finished, 0 ≤ done ≤ 1.
struct Kind {
  ScheduleKind told;
  double (*factor)(const Schedule& schedule, const Progress& progress, double done);
};

// Falls from `top` at t = 0 to `bottom` at t = 1 along half a cosine wave.
double half_cosine(double top, double bottom, double t) {
  return bottom + (top - bottom) * 0.5 * (1 + math::cos2pi(0.5 * t));
}

double one_cycle(const Schedule& s, const Progress&, double done) {
  constexpr double start = 1.0 / 25, end = 1e-4;
  if (done < s.warmup) return start + (1 - start) * (done / s.warmup);
  return half_cosine(1, end, (done - s.warmup) / (1 - s.warmup));
}

double flat_cos(double done) {
  return done < 0.5 ? 1 : half_cosine(1, 0, 2 * done - 1);
}

double share_done(const Progress& progress) {
  const double all = static_cast<double>(std::max<std::int64_t>(progress.steps, 1));
  return std::clamp(static_cast<double>(progress.step) / all, 0.0, 1.0);
}

// Four waves, each twice as long as the one before.
double cos_log(const Schedule&, const Progress&, double done) {
  return 0.5 * (1 - math::cos2pi(math::log(1 + 15 * done) / math::log(2)));
}

constexpr const char* kind_choices = "constant|step|cosine|plateau|onecycle|coslog4|flat_cos";
const Kind table[] = {
    {{"constant", "the learning rate does not change", "1", ""},
     [](const Schedule&, const Progress&, double) { return 1.0; }},
    {{"step", "the learning rate falls by the factor gamma every few epochs", "gamma ^ floor(epoch / every)", ""},
     [](const Schedule& s, const Progress& p, double) { return math::power(s.gamma, p.epoch / s.every); }},
    {{"cosine", "the learning rate falls along half a cosine over all steps",
      "minimum + (1 - minimum) · (1 + cos(π t)) / 2, t = steps done / all steps",
      "Loshchilov, Hutter, ICLR 2017, without restarts"},
     [](const Schedule& s, const Progress&, double done) { return half_cosine(1, s.minimum, done); }},
    {{"plateau", "the learning rate falls by the factor gamma when the validation loss stops improving",
      "· gamma after `patience` epochs without a better validation loss", ""},
     [](const Schedule& s, const Progress& p, double) { return math::power(s.gamma, p.plateaus); }},
    {{"onecycle", "the learning rate rises, then falls far below its initial value",
      "from 1/25 to 1 in the first `warmup` of all steps, then half a cosine to 1e-4", "Smith, Topin 2017"},
     one_cycle},
    {{"coslog4", "the learning rate rises from 0 and falls back four times, each time for twice as long",
      "(1 - cos(2π log₂(1 + 15 t))) / 2, t = steps done / all steps",
      "Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024"},
     cos_log},
    {{"flat_cos", "the factor is 1 in the first half of the training, then falls to 0 along half a cosine",
      "1 for t < 1/2, else (1 + cos(π (2 t - 1))) / 2, t = steps done / all steps",
      "Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024"},
     [](const Schedule&, const Progress&, double done) { return flat_cos(done); }},
};

const Kind& find_kind(const std::string& name) {
  for (const Kind& kind : table) {
    if (kind.told.name == name) return kind;  // every step asks for a kind: nothing is allocated
  }
  std::vector<std::string> names;
  for (const Kind& kind : table) names.emplace_back(kind.told.name);
  const std::string near = closest(name, names);
  throw Error("U11", "no schedule " + quote(name),
              {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
}

}  // namespace

std::vector<ScheduleKind> schedule_kinds() {
  std::vector<ScheduleKind> kinds;
  for (const Kind& kind : table) kinds.push_back(kind.told);
  return kinds;
}

void Schedule::describe(Fields& fields) {
  fields.field({"kind", "how the learning rate changes", {}, "", kind_choices}, kind);
  fields.field({"gamma", "step, plateau: factor by which the rate falls", {0, 1, true, false}}, gamma);
  fields.field({"every", "step: number of epochs between two falls of the rate", {1}, "epochs"}, every);
  fields.field(
      {"patience", "plateau: number of epochs without a better validation loss before the rate falls", {1}, "epochs"},
      patience);
  fields.field({"minimum", "cosine: factor at the end", unit_interval}, minimum);
  fields.field({"warmup", "onecycle: share of all steps in which the rate rises", fraction}, warmup);
}

bool Schedule::reads_all_steps() const noexcept {
  return kind == "cosine" || kind == "onecycle" || kind == "coslog4" || kind == "flat_cos";
}

void Schedule::check() const {
  find_kind(kind);
  Schedule copy = *this;
  check_settings(copy, "schedule " + kind);
}

double learning_rate_factor(const Schedule& schedule, const Progress& progress) {
  return find_kind(schedule.kind).factor(schedule, progress, share_done(progress));
}

double schedule_factor(FactorSchedule schedule, const Progress& progress) {
  return schedule == FactorSchedule::constant ? 1 : flat_cos(share_done(progress));
}

}  // namespace pellucid
