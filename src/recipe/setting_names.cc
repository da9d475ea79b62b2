// The names a setting goes by: heading, flags, accepted spellings, words; its value as text and where it came from.
// Not here: the description of the settings (recipe.cc).
#include <algorithm>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/recipe.h"
#include "recipe/kind_settings.h"

namespace pellucid {
namespace {

template <class Kinds>
std::vector<std::string> names_of(const Kinds& kinds) {
  std::vector<std::string> names;
  for (const auto* kind : kinds) names.emplace_back(kind->name);
  return names;
}

// Accepted spellings of settings that have another name.
constexpr const char* spellings[][2] = {{"lr", "learning_rate"},
                                        {"batch", "batch_size"},
                                        {"optimizer.learning_rate", "learning_rate"},
                                        {"optimizer.lr", "learning_rate"},
                                        {"optimizer.momentum", "momentum"},
                                        {"optimizer.kind", "optimizer"},
                                        {"schedule.kind", "schedule"},
                                        {"loss.kind", "loss"}};

// Whether the setting of an optimizer, schedule or loss was given and waits for its kind to be settled.
bool waits(const Recipe& recipe, const std::string& name) {
  const auto has = [&](const char* owner, const std::vector<KindSetting>& settings) {
    return std::any_of(settings.begin(), settings.end(),
                       [&](const KindSetting& setting) { return name == std::string(owner) + "." + setting.name; });
  };
  return has("optimizer", recipe.training.optimizer.settings) || has("schedule", recipe.training.schedule.settings) ||
         has("loss", recipe.model.loss.settings);
}

}  // namespace

std::string setting_group(std::string_view name) {
  // The first setting of each group, in the order of describe().
  static constexpr const char* first[][2] = {
      {"data", "Data"}, {"preset", "Model"}, {"epochs", "Training"}, {"patience_factor", ""}, {"out", "Run"}};
  Recipe settings;
  const char* group = "";
  for (const FieldState& field : list_fields(settings)) {
    for (const auto& [start, title] : first) {
      if (std::string_view(start) == field.info.name) group = title;
    }
    if (name == field.info.name) return group;
  }
  return "";
}

std::string setting_flags(std::string_view name) {
  if (name == "learning_rate") return "--lr,--learning-rate";
  if (name == "batch_size") return "--batch-size,--batch";
  std::string flag = "--" + std::string(name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::vector<std::string> setting_words(std::string_view name) {
  if (name == "activation" || name == "output") return names_of(activation_kinds());
  if (name == "init") return names_of(initializer_kinds());
  if (name == "loss") return names_of(loss_kinds());
  if (name == "optimizer") {
    std::vector<std::string> names;
    for (const Optimizer& optimizer : optimizer_kinds()) names.emplace_back(optimizer.name());
    return names;
  }
  Recipe settings;
  for (const FieldState& field : list_fields(settings)) {
    if (name == field.info.name) return split_text(field.info.choices, '|');
  }
  return {};
}

std::string setting_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  for (const auto& [spelling, meant] : spellings) {
    if (name == spelling) return meant;
  }
  return name;
}

std::string setting_json_name(const std::string& name) {
  return name == "learning_rate" ? "lr" : name;
}

std::string setting_text(const Recipe& recipe, std::string_view name) {
  Recipe copy = recipe;
  for (const FieldState& field : list_fields(copy)) {
    if (name == field.info.name) return field.text();
  }
  return "";
}

// A setting of an optimizer, schedule or loss that a program assigned as a whole object.
static bool is_of_whole(const Recipe& recipe, std::string_view name) {
  const auto is_of = [&](const char* owner, bool whole) {
    return whole && name.starts_with(owner) && !recipe.origins.contains(std::string(name.substr(0, name.find('.'))));
  };
  return is_of("optimizer.", recipe.training.optimizer.is_whole()) ||
         is_of("schedule.", recipe.training.schedule.is_whole()) || is_of("loss.", recipe.model.loss.is_whole());
}

std::string origin_of(const Recipe& recipe, const std::string& name) {
  const auto origin = recipe.origins.find(name);
  if (origin != recipe.origins.end()) return origin->second;
  if (waits(recipe, name) || is_of_whole(recipe, name)) return "code";
  const std::string usual = is_kind_setting(name) ? kind_setting_default(recipe, name) : setting_text(Recipe(), name);
  return setting_text(recipe, name) == usual ? "default" : "code";
}

}  // namespace pellucid
