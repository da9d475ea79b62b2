// Visiting, reading and applying the settings of optimizers, schedules and losses.
// Not here: which kinds there are (their own rooms), what a rule chooses (resolve.cc).
#include "recipe/kind_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>

#include "core/text.h"
#include "pellucid/error.h"
#include "recipe/described.h"

namespace pellucid {
namespace {

constexpr const char* optimizer_owner = "optimizer";
constexpr const char* schedule_owner = "schedule";
constexpr const char* loss_owner = "loss";

// "optimizer.beta1", which lives as long as the program, as FieldInfo::name must.
const char* full_name(const char* owner, std::string_view name) {
  static std::mutex guard;
  static std::set<std::string> names;
  const std::lock_guard lock(guard);
  return names.insert(fmt::format("{}.{}", owner, name)).first->c_str();
}

// Passes on the fields that are listed, under their full names.
template <class Kind>
class OwnedFields : public Fields {
 public:
  OwnedFields(Fields& inner, const char* owner, const Kind& kind) : inner_(inner), owner_(owner), kind_(kind) {}
  void field(const FieldInfo& info, double& value) override { pass(info, value); }
  void field(const FieldInfo& info, std::int64_t& value) override { pass(info, value); }
  void field(const FieldInfo& info, bool& value) override { pass(info, value); }
  void field(const FieldInfo& info, std::string& value) override { pass(info, value); }
  void field(const FieldInfo& info, std::vector<std::string>& value) override { pass(info, value); }
  void field(const FieldInfo& info, Auto<double>& value) override { pass(info, value); }
  void field(const FieldInfo& info, Auto<std::int64_t>& value) override { pass(info, value); }
  void field(const FieldInfo& info, Auto<std::vector<std::int64_t>>& value) override { pass(info, value); }

 private:
  template <class T>
  void pass(FieldInfo info, T& value) {
    if (!is_listed(kind_, info.name)) return;
    info.name = full_name(owner_, info.name);
    inner_.field(info, value);
  }

  Fields& inner_;
  const char* owner_;
  const Kind& kind_;
};

std::vector<FieldState> fields_of(Optimizer kind) {
  return list_fields(kind);
}
std::vector<FieldState> fields_of(Schedule kind) {
  return list_fields(kind);
}
std::vector<FieldState> fields_of(const Loss& kind) {
  LossSettings settings(kind);
  return list_fields(settings);
}

// Which schedules use a setting of Schedule.
constexpr std::array<std::array<const char*, 2>, 6> uses_of_schedule{{{"step", "gamma"},
                                                                      {"step", "every"},
                                                                      {"plateau", "gamma"},
                                                                      {"plateau", "patience"},
                                                                      {"cosine", "minimum"},
                                                                      {"onecycle", "warmup"}}};

std::string owners_of_schedule_setting(std::string_view setting) {
  std::vector<std::string> kinds;
  for (const auto& [kind, used] : uses_of_schedule) {
    if (setting == used) kinds.emplace_back(kind);
  }
  return join(kinds, " or ");
}

std::string owners_of_optimizer_setting(std::string_view setting) {
  std::vector<std::string> kinds;
  for (const Optimizer& kind : optimizer_kinds()) {
    for (const FieldState& field : fields_of(kind)) {
      if (setting == field.info.name) kinds.emplace_back(kind.name());
    }
  }
  return join(kinds, ", ");
}

std::string owners_of_loss_setting(std::string_view setting) {
  std::vector<std::string> kinds;
  for (const LossKind* kind : loss_kinds()) {
    if (kind->parameter.name != nullptr && setting == kind->parameter.name) kinds.emplace_back(kind->name);
  }
  return join(kinds, ", ");
}

[[noreturn]] void refuse(const char* owner, std::string_view kind, const std::string& setting,
                         const std::string& owners) {
  throw Error(
      "U35", fmt::format("{}.{} has no effect with the {} {}", owner, setting, owner, kind),
      {owners.empty() ? fmt::format("no {} has such a setting", owner)
                      : fmt::format("it belongs to the {} {}; leave it out, or choose that {}", owner, owners, owner)});
}

Json json_of(const KindSetting& setting) {
  Json json = Json::object();
  std::visit([&](const auto& value) { json[setting.name] = value; }, setting.value);
  return json;
}

bool has(const std::vector<FieldState>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(), [&](const FieldState& f) { return name == f.info.name; });
}

std::string text_of(const std::vector<FieldState>& fields, std::string_view name) {
  for (const FieldState& field : fields) {
    if (name == field.info.name) return field.text();
  }
  return "";
}

// The name behind "optimizer.", or "".
std::string name_within(const std::string& name, const std::string& owner) {
  return name.starts_with(owner + ".") ? name.substr(owner.size() + 1) : "";
}

// The value of one field of the kind, read from text by the kind's own rules.
template <class Kind>
bool read_by(Kind kind, const std::string& setting, const std::string& text, const std::string& what,
             KindSetting& result) {
  if (!has(list_fields(kind), setting)) return false;
  set_field(kind, setting, text, what);
  for (const FieldState& field : list_fields(kind)) {
    if (setting != field.info.name) continue;
    std::visit(
        [&](const auto& value) {
          if constexpr (std::is_assignable_v<decltype(result.value)&, const std::decay_t<decltype(value)>&>) {
            result.value = value;
          }
        },
        field.value);
  }
  return true;
}

// Settings that wait for their kind, each with the description of a kind that has it.
template <class Kinds>
void describe_waiting(Fields& fields, const char* owner, std::vector<KindSetting>& settings, const Kinds& kinds) {
  for (KindSetting& setting : settings) {
    FieldInfo info{setting.name.c_str(), ""};
    for (const auto& kind : kinds) {
      for (const FieldState& field : fields_of(kind)) {
        if (setting.name == field.info.name) info = field.info;
      }
    }
    info.name = full_name(owner, setting.name);
    std::visit([&](auto& value) { fields.field(info, value); }, setting.value);
  }
}

std::vector<Loss> losses() {
  std::vector<Loss> result;
  for (const LossKind* kind : loss_kinds()) result.emplace_back(*kind);
  return result;
}

template <class Kind, class Name, class Read>
void describe_word(Fields& fields, const FieldInfo& info, Choice<Kind>& choice, Name name, Read read) {
  std::string text = choice.is_auto() ? "auto" : std::string(name(*choice.kind()));
  const std::string before = text;
  fields.field(info, text);
  if (text == before) return;
  if (text == "auto") {
    choice.leave_to_rule();
  } else {
    choice.choose(read(text));
  }
}

}  // namespace

void LossSettings::describe(Fields& fields) {
  std::string reduction = loss_.reduction() == Reduction::sum ? "sum" : "mean";
  double parameter = loss_.parameter();
  fields.field({"reduction", "how the losses of a batch's rows are combined", {}, "", "mean|sum"}, reduction);
  const bool has_parameter = loss_.kind().parameter.name != nullptr;
  if (has_parameter) fields.field(loss_.kind().parameter, parameter);
  loss_ = Loss(loss_.kind(), {reduction == "sum" ? Reduction::sum : Reduction::mean, has_parameter ? parameter : -1});
}

bool is_listed(const Optimizer&, std::string_view setting) {
  return setting != "learning_rate" && setting != "momentum";
}

bool is_listed(const Schedule& kind, std::string_view setting) {
  return std::any_of(uses_of_schedule.begin(), uses_of_schedule.end(),
                     [&](const auto& use) { return kind.kind == use[0] && setting == use[1]; });
}

Optimizer chosen(const Choice<Optimizer>& choice) {
  Optimizer kind = *choice.kind();
  for (const KindSetting& setting : choice.settings) {
    if (!has(fields_of(kind), setting.name)) {
      refuse(optimizer_owner, kind.name(), setting.name, owners_of_optimizer_setting(setting.name));
    }
    settings_from_json(kind, json_of(setting), "optimizer " + std::string(kind.name()));
  }
  return kind;
}

Schedule chosen(const Choice<Schedule>& choice) {
  Schedule kind = *choice.kind(), usual;
  for (const KindSetting& setting : choice.settings) {
    settings_from_json(kind, json_of(setting), "schedule " + kind.kind);
  }
  const std::vector<FieldState> defaults = fields_of(usual);
  for (const FieldState& field : fields_of(kind)) {
    const std::string name = field.info.name;
    if (name == "kind" || is_listed(kind, name) || field.text() == text_of(defaults, name)) continue;
    refuse(schedule_owner, kind.kind, name, owners_of_schedule_setting(name));
  }
  return kind;
}

Loss chosen(const Choice<Loss>& choice) {
  LossSettings kind(*choice.kind());
  for (const KindSetting& setting : choice.settings) {
    const char* name = kind.loss().kind().name;
    if (!has(list_fields(kind), setting.name)) {
      refuse(loss_owner, name, setting.name, owners_of_loss_setting(setting.name));
    }
    settings_from_json(kind, json_of(setting), std::string("loss ") + name);
  }
  return kind.loss();
}

std::vector<std::string> kind_setting_names() {
  std::vector<std::string> names;
  const auto add = [&](const char* owner, const std::vector<FieldState>& fields) {
    for (const FieldState& field : fields) names.push_back(fmt::format("{}.{}", owner, field.info.name));
  };
  for (const Optimizer& kind : optimizer_kinds()) add(optimizer_owner, fields_of(kind));
  add(schedule_owner, fields_of(Schedule()));
  for (const Loss& kind : losses()) add(loss_owner, fields_of(kind));
  return names;
}

bool is_kind_setting(std::string_view name) {
  return name.starts_with("optimizer.") || name.starts_with("schedule.") || name.starts_with("loss.");
}

KindSetting read_kind_setting(const std::string& name, const std::string& text, const std::string& what) {
  KindSetting result{name.substr(name.find('.') + 1), {}};
  if (name.starts_with("optimizer.")) {
    for (const Optimizer& kind : optimizer_kinds()) {
      if (read_by(kind, result.name, text, what, result)) return result;
    }
  } else if (name.starts_with("schedule.")) {
    if (read_by(Schedule(), result.name, text, what, result)) return result;
  } else {
    for (const Loss& kind : losses()) {
      if (read_by(LossSettings(kind), result.name, text, what, result)) return result;
    }
  }
  throw Error("P01", "no setting of a kind: " + name);
}

std::string kind_setting_text(const Recipe& recipe, const std::string& name) {
  const auto text = [&](const auto& choice, const char* owner) {
    const std::string setting = name_within(name, owner);
    return setting.empty() || choice.is_auto() ? "" : text_of(fields_of(chosen(choice)), setting);
  };
  return text(recipe.training.optimizer, optimizer_owner) + text(recipe.training.schedule, schedule_owner) +
         text(recipe.model.loss, loss_owner);
}

std::string kind_setting_default(const Recipe& recipe, const std::string& name) {
  const std::string of_optimizer = name_within(name, optimizer_owner), of_loss = name_within(name, loss_owner);
  if (!of_optimizer.empty() && !recipe.training.optimizer.is_auto()) {
    return text_of(fields_of(Optimizer(recipe.training.optimizer.kind()->name())), of_optimizer);
  }
  if (!of_loss.empty() && !recipe.model.loss.is_auto()) {
    return text_of(fields_of(Loss(recipe.model.loss.kind()->kind())), of_loss);
  }
  return text_of(fields_of(Schedule()), name_within(name, schedule_owner));
}

void describe_choice(Fields& fields, const FieldInfo& info, Choice<Optimizer>& choice) {
  describe_word(
      fields, info, choice, [](const Optimizer& kind) { return kind.name(); },
      [](const std::string& text) { return Optimizer(text); });
  if (choice.is_whole()) {
    const Optimizer kind = *choice.kind();
    OwnedFields<Optimizer> owned(fields, optimizer_owner, kind);
    choice.kind()->describe(owned);
  }
  describe_waiting(fields, optimizer_owner, choice.settings, optimizer_kinds());
}

void describe_choice(Fields& fields, const FieldInfo& info, Choice<Schedule>& choice) {
  describe_word(
      fields, info, choice, [](const Schedule& kind) { return kind.kind; },
      [](const std::string& text) {
        Schedule kind;
        kind.kind = text;
        return kind;
      });
  if (choice.is_whole()) {
    const Schedule kind = *choice.kind();
    OwnedFields<Schedule> owned(fields, schedule_owner, kind);
    choice.kind()->describe(owned);
  }
  describe_waiting(fields, schedule_owner, choice.settings, std::vector<Schedule>(1));
}

void describe_choice(Fields& fields, const FieldInfo& info, Choice<Loss>& choice) {
  describe_word(
      fields, info, choice, [](const Loss& kind) { return kind.text(); },
      [](const std::string& text) { return Loss::parse(text); });
  describe_waiting(fields, loss_owner, choice.settings, losses());
}

}  // namespace pellucid
