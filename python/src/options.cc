// Reads options of a training from JSON. Not here: what they mean (pellucid/trainer.h, pellucid/stepper.h).
#include "options.h"

#include "core/json.h"
#include "core/settings.h"
#include "pellucid/error.h"

namespace pellucid::python {

namespace {

// The options that fit() and Stepper share.
template <class Options>
void describe_shared(Fields& fields, Options& options, std::int64_t& seed) {
  fields.field({.name = "l1", .help = ""}, options.l1);
  fields.field({.name = "l2", .help = ""}, options.l2);
  fields.field({.name = "clip_norm", .help = ""}, options.clip_norm);
  fields.field({.name = "clip_value", .help = ""}, options.clip_value);
  fields.field({.name = "row_block", .help = ""}, options.row_block);
  fields.field({.name = "threads", .help = ""}, options.threads);
  fields.field({.name = "keep", .help = ""}, options.keep);
  fields.field({.name = "seed", .help = "", .range = not_negative}, seed);
}

struct FitFields {
  FitOptions& options;
  std::int64_t seed = 42;
  std::string best_by = "loss", dropout_schedule = "constant", decay_schedule = "constant";

  void describe(Fields& fields) {
    describe_shared(fields, options, seed);
    fields.field({.name = "epochs", .help = ""}, options.epochs);
    fields.field({.name = "batch_size", .help = ""}, options.batch_size);
    fields.field({.name = "patience", .help = ""}, options.patience);
    fields.field({.name = "patience_factor", .help = ""}, options.patience_factor);
    fields.field({.name = "min_delta", .help = ""}, options.min_delta);
    fields.field({.name = "keep_best", .help = ""}, options.keep_best);
    fields.field({.name = "best_by", .help = "", .choices = "loss|score"}, best_by);
    fields.field({.name = "dropout_schedule", .help = "", .choices = "constant|flat_cos"}, dropout_schedule);
    fields.field({.name = "decay_schedule", .help = "", .choices = "constant|flat_cos"}, decay_schedule);
    fields.field({.name = "shuffle", .help = ""}, options.shuffle);
    fields.field({.name = "balanced_classes", .help = ""}, options.balanced_classes);
  }
};

struct StepFields {
  StepOptions& options;
  std::int64_t seed = 42;

  void describe(Fields& fields) {
    describe_shared(fields, options, seed);
    fields.field({.name = "input_gradient", .help = ""}, options.input_gradient);
  }
};

// Takes a member out of the object; null where it is missing.
Json taken(Json& json, const char* name) {
  if (!json.contains(name)) return nullptr;
  Json member = json[name];
  json.erase(name);
  return member;
}

Optimizer optimizer_of(Json json) {
  Optimizer optimizer(taken(json, "kind").get<std::string>());
  settings_from_json(optimizer, json, "optimizer " + std::string(optimizer.name()));
  return optimizer;
}

template <class Fields, class Options>
void read(Options& options, Json json) {
  if (const Json loss = taken(json, "loss"); !loss.is_null()) options.loss = Loss::parse(loss.get<std::string>());
  if (const Json kind = taken(json, "optimizer"); !kind.is_null()) options.optimizer = optimizer_of(kind);
  Fields fields{options};
  settings_from_json(fields, json, "options");
  options.seed = static_cast<std::uint64_t>(fields.seed);
  if constexpr (requires { fields.best_by; }) {
    options.best_by = fields.best_by == "score" ? BestBy::score : BestBy::loss;
    const auto schedule_of = [](const std::string& text) {
      return text == "flat_cos" ? FactorSchedule::flat_cos : FactorSchedule::constant;
    };
    options.dropout_schedule = schedule_of(fields.dropout_schedule);
    options.decay_schedule = schedule_of(fields.decay_schedule);
  }
}

}  // namespace

FitOptions fit_options(const std::string& text) {
  FitOptions options;
  Json json = parse_json(text);
  if (const Json schedule = taken(json, "schedule"); !schedule.is_null()) {
    settings_from_json(options.schedule, schedule, "schedule");
  }
  read<FitFields>(options, std::move(json));
  return options;
}

StepOptions step_options(const std::string& text) {
  StepOptions options;
  read<StepFields>(options, parse_json(text));
  return options;
}

}  // namespace pellucid::python
