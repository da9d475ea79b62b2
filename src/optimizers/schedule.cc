// The schedules: factor on the learning rate by kind.
// Not here: when a plateau is met (src/train), the optimizers.
#include "pellucid/schedule.h"

#include <algorithm>
#include <cmath>

#include "core/settings.h"
#include "core/text.h"
#include "kernels/scalar_math.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// One row a kind. `done` is the share of all steps that lies behind, 0 ≤ done ≤ 1.
struct Kind {
  const char* name;
  double (*factor)(const Schedule& schedule, const Progress& progress, double done);
};

// From `top` at t = 0 to `bottom` at t = 1 along half a cosine.
double half_cosine(double top, double bottom, double t) {
  return bottom + (top - bottom) * 0.5 * (1 + math::cos2pi(0.5 * t));
}

double one_cycle(const Schedule& s, const Progress&, double done) {
  constexpr double start = 1.0 / 25, end = 1e-4;
  if (done < s.warmup) return start + (1 - start) * (done / s.warmup);
  return half_cosine(1, end, (done - s.warmup) / (1 - s.warmup));
}

// Four waves, each twice as long as the one before.
double cos_log(const Schedule&, const Progress&, double done) {
  return 0.5 * (1 - math::cos2pi(math::log(1 + 15 * done) / math::log(2)));
}

constexpr const char* kind_choices = "constant|step|cosine|plateau|onecycle|coslog4";
const Kind table[] = {
    {"constant", [](const Schedule&, const Progress&, double) { return 1.0; }},
    {"step", [](const Schedule& s, const Progress& p, double) { return math::power(s.gamma, p.epoch / s.every); }},
    {"cosine", [](const Schedule& s, const Progress&, double done) { return half_cosine(1, s.minimum, done); }},
    {"plateau", [](const Schedule& s, const Progress& p, double) { return math::power(s.gamma, p.plateaus); }},
    {"onecycle", one_cycle},
    {"coslog4", cos_log},
};

const Kind& find_kind(const std::string& name) {
  std::vector<std::string> names;
  for (const Kind& kind : table) {
    if (kind.name == name) return kind;
    names.emplace_back(kind.name);
  }
  const std::string near = closest(name, names);
  throw Error("U11", "no schedule " + quote(name),
              {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
}

}  // namespace

void Schedule::describe(Fields& fields) {
  fields.field({"kind", "how the learning rate changes", {}, "", kind_choices}, kind);
  fields.field({"gamma", "step, plateau: what the rate is multiplied by", {0, 1, true, false}}, gamma);
  fields.field({"every", "step: so long a rate lasts", {1}, "epochs"}, every);
  fields.field({"patience", "plateau: so long without a better validation loss", {1}, "epochs"}, patience);
  fields.field({"minimum", "cosine: the last factor", unit_interval}, minimum);
  fields.field({"warmup", "onecycle: share of all steps in which the rate rises", fraction}, warmup);
}

bool Schedule::reads_all_steps() const noexcept {
  return kind == "cosine" || kind == "onecycle" || kind == "coslog4";
}

void Schedule::check() const {
  find_kind(kind);
  Schedule copy = *this;
  check_settings(copy, "schedule " + kind);
}

double learning_rate_factor(const Schedule& schedule, const Progress& progress) {
  const double all = static_cast<double>(std::max<std::int64_t>(progress.steps, 1));
  const double done = std::clamp(static_cast<double>(progress.step) / all, 0.0, 1.0);
  return find_kind(schedule.kind).factor(schedule, progress, done);
}

double scheduled_learning_rate(const Schedule& schedule, double base, const Progress& progress) {
  if (!schedule.rate) return base * learning_rate_factor(schedule, progress);
  const double rate = schedule.rate(progress.step, progress.epoch);
  if (std::isfinite(rate) && rate >= 0) return rate;
  throw Error("U34",
              "the schedule's own function gives the learning rate " + number_text(rate) + " after " +
                  plural(progress.step, "step") + " and " + plural(progress.epoch, "epoch"),
              {"a learning rate is a finite number, 0 or above"});
}

}  // namespace pellucid
