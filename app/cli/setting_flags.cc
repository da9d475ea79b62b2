// Makes flags from the description of the settings. Not here: the meaning of their values (src/recipe/data.cc).
#include "app/cli/setting_flags.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "app/cli/flag_text.h"
#include "app/cli/setting_sources.h"
#include "core/settings.h"

namespace pellucid::app {

void SettingFlags::declare(CLI::App& app, std::initializer_list<const char*> names) {
  Recipe settings;
  for (const char* name : names) {
    for (const FieldState& field : list_fields(settings)) {
      if (std::string_view(name) != field.info.name) continue;
      if (std::holds_alternative<bool>(field.value)) {
        const auto set = [this, name] { texts_[name] = {"true"}; };
        app.add_flag_callback(setting_flags(name), set, with_flags(field.info.help))->group("Data");
        continue;
      }
      app.add_option(setting_flags(name), texts_[name], with_flags(field.info.help))
          ->allow_extra_args(false)
          ->type_name(field.info.choices[0] != '\0' ? field.info.choices : field.info.unit)
          ->group("Data");
    }
  }
}

Recipe SettingFlags::settings() const {
  Recipe settings;
  if (const char* memory = std::getenv("PELLUCID_MEMORY")) settings.run.memory = memory;
  for (const auto& [name, texts] : texts_) {
    if (!texts.empty()) set_setting(settings, name, texts, "command line");
  }
  return settings;
}

}  // namespace pellucid::app
