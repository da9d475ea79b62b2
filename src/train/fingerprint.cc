// Writes fingerprints, and describes how two of them differ. Not here: comparing columns and flags (the program).
#include "train/fingerprint.h"

#include <fmt/format.h>

#include <limits>

#include "core/text.h"
#include "files/architecture_json.h"
#include "pellucid/error.h"
#include "prepare/data_key.h"

namespace pellucid {
namespace {

std::string words(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

const char* words(FactorSchedule schedule) {
  return schedule == FactorSchedule::constant ? "constant" : "flat_cos";
}

std::string difference(const std::string& name, const Json& then, const Json& now) {
  return fmt::format("{}: was {}, now {}", name, words(then), words(now));
}

// Compares the texts, because NaN does not equal itself.
bool same(const Json& a, const Json& b) {
  return a.dump() == b.dump();
}

// Adds a line per field that differs: "prefix name: was …, now …".
void add_differences(std::vector<std::string>& lines, const std::string& prefix, const Json& then, const Json& now) {
  for (const auto& [name, value] : then.items()) {
    const auto mine = now.find(name);
    if (mine != now.end() && !same(*mine, value)) lines.push_back(difference(prefix + name, value, *mine));
  }
}

void add_layers(std::vector<std::string>& lines, const Json& then, const Json& now) {
  if (then.size() != now.size()) {
    lines.push_back(fmt::format("layers: were {}, now {}", then.size(), now.size()));
    return;
  }
  for (std::size_t n = 0; n < then.size(); ++n) {
    const std::string layer = "layer " + words(then[n].at("name")) + ": ";
    if (!same(then[n].at("kind"), now[n].at("kind"))) {
      lines.push_back(difference(layer + "kind", then[n].at("kind"), now[n].at("kind")));
    } else if (!same(then[n], now[n])) {
      add_differences(lines, layer, then[n].at("settings"), now[n].at("settings"));
      if (!same(then[n].at("inputs"), now[n].at("inputs")))
        lines.push_back(difference(layer + "inputs", then[n].at("inputs"), now[n].at("inputs")));
    }
  }
}

// Whether patience was lowered. More patience only trains longer; 0 means no early stopping.
bool is_shorter(const Json& then, const Json& now) {
  const auto length = [](const Json& patience) {
    const auto epochs = patience.get<std::int64_t>();
    return epochs == 0 ? std::numeric_limits<std::int64_t>::max() : epochs;
  };
  return length(now) < length(then);
}

void add_setting(std::vector<std::string>& lines, const std::string& name, const Json& then, const Json& now) {
  if (name == "layers") return add_layers(lines, then, now);
  if (name == "settings") return add_differences(lines, "optimizer ", then, now);
  if (name == "schedule" && then.is_object() && now.is_object()) return add_differences(lines, "schedule ", then, now);
  if (name == "patience" && !is_shorter(then, now)) return;
  if (name == "patience_factor" && now >= then) return;
  std::string line = difference(name, then, now);
  if (name.starts_with("patience")) line += "; it may only be raised";
  if (name == "epochs") line += "; a schedule is planned over all epochs";
  lines.push_back(std::move(line));
}

}  // namespace

template <class T>
Json fingerprint(const BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                 const BasicFitOptions<T>& o, const Loss& loss) {
  Optimizer optimizer = o.optimizer;
  Schedule schedule = o.schedule;
  const bool fades = o.dropout_schedule == FactorSchedule::flat_cos || o.decay_schedule == FactorSchedule::flat_cos;
  Json json = {{"rows", train.rows()},
               {"validation_rows", validation.rows()},
               {"train", data_key(train)},
               {"validation", validation.empty() ? "" : data_key(validation)},
               {"optimizer", optimizer.name()},
               {"settings", settings_to_json(optimizer)},
               {"schedule", o.schedule_function ? Json("of your own") : settings_to_json(schedule)},
               {"dropout_schedule", words(o.dropout_schedule)},
               {"decay_schedule", words(o.decay_schedule)},
               {"loss", loss.text()},
               {"layers", architecture_to_json(model)},
               {"batch_size", o.batch_size},
               {"seed", o.seed},
               {"patience", o.patience},
               {"patience_factor", o.patience_factor},
               {"min_delta", o.min_delta},
               {"stop_change", o.stop_change},
               {"keep_best", o.keep_best},
               {"l1", o.l1},
               {"l2", o.l2},
               {"clip_norm", o.clip_norm},
               {"clip_value", o.clip_value},
               {"shuffle", o.shuffle},
               {"balanced", o.balanced_classes},
               {"row_block", o.row_block},
               {"best_by", o.best_by == BestBy::score ? "score" : "loss"},
               {"precision", sizeof(T) == 8 ? "float64" : "float32"}};
  // More epochs are allowed unless a schedule depends on their number, as a user's function may.
  if (schedule.reads_all_steps() || fades || o.schedule_function) json["epochs"] = o.epochs;
  return json;
}

bool is_complete(const Json& then) {
  return then.contains("train") && then.contains("layers");
}

void require_same(const Json& then, const Json& now) {
  std::vector<std::string> settings, rows;
  for (const auto& [name, mine] : now.items()) {
    const auto old = then.find(name);
    if (old == then.end() || same(*old, mine)) continue;
    if (name == "train" || name == "validation") {
      rows.push_back(fmt::format("{} rows: other cells or another order", name == "train" ? "training" : name));
    } else if (name == "rows" || name == "validation_rows") {
      rows.push_back(difference(name == "rows" ? "training rows" : "validation rows", *old, mine));
    } else {
      add_setting(settings, name, *old, mine);
    }
  }
  if (!settings.empty())
    throw Error("U31", "a training can be resumed only with the settings it was started with", settings);
  if (!rows.empty()) throw Error("D42", "a training can be resumed only with the rows it was started with", rows);
}

template Json fingerprint(const BasicModel<float>&, const Dataset&, const Dataset&, const BasicFitOptions<float>&,
                          const Loss&);
template Json fingerprint(const BasicModel<double>&, const Dataset&, const Dataset&, const BasicFitOptions<double>&,
                          const Loss&);

}  // namespace pellucid
