// Setting one setting of a recipe from text. Not here: which settings there are (recipe.cc).
#include <fmt/format.h>

#include <algorithm>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/recipe.h"
#include "recipe/kind_settings.h"

namespace pellucid {
namespace {

// A name that is no setting, with the nearest; without one, where to look, for the list is long.
[[noreturn]] void refuse_unknown(const std::vector<std::string>& names, const std::string& name,
                                 const std::string& what) {
  const std::string near = closest(name, names);
  throw Error("U05",
              fmt::format("{}: no setting {}; {}", what, quote(name),
                          near.empty() ? "pellucid help train lists all settings" : "did you mean " + near + "?"));
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<KindSetting>& settings_of_owner(Recipe& recipe, const std::string& name) {
  if (name.starts_with("optimizer.")) return recipe.training.optimizer.settings;
  if (name.starts_with("schedule.")) return recipe.training.schedule.settings;
  return recipe.model.loss.settings;
}

}  // namespace

bool holds_list(const Recipe& recipe, std::string_view name) {
  Recipe copy = recipe;
  for (const FieldState& field : list_fields(copy)) {
    if (name == field.info.name) return std::holds_alternative<std::vector<std::string>>(field.value);
  }
  return false;
}

void set_setting(Recipe& recipe, const std::string& given, const std::vector<std::string>& texts,
                 const std::string& what) {
  const std::string name = setting_name(given);
  if (holds_list(recipe, name)) {
    set_list_field(recipe, name, texts.size() == 1 && texts[0].empty() ? std::vector<std::string>() : texts, what);
    return;
  }
  const bool several = name == "drop" || name == "kind";
  set_setting(recipe, name, several ? join(texts, ",") : texts.empty() ? "" : texts.back(), what);
}

void set_setting(Recipe& recipe, const std::string& given, const std::string& text, const std::string& what) {
  const std::string name = setting_name(given);
  std::vector<std::string> names;
  for (const FieldState& field : list_fields(recipe)) names.emplace_back(field.info.name);
  if (has(names, name)) {
    try {
      set_field(recipe, name, text, what);
    } catch (const Error& error) {  // the message of a text's own reader does not say where the text was found
      if (std::string_view(error.what()).starts_with(what)) throw;
      throw Error(error.code(), what + ": " + error.what(), error.details());
    }
    return;
  }
  const std::vector<std::string> further = kind_setting_names();
  if (has(further, name)) {
    settings_of_owner(recipe, name).push_back(read_kind_setting(name, text, what));
    return;
  }
  names.insert(names.end(), further.begin(), further.end());
  refuse_unknown(names, name, what);
}

}  // namespace pellucid
