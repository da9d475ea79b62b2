// The class Recipe of pellucid._core: the settings of a training by name.
// Not here: how values of Python become text (pellucid/_settings.py).
#include "pellucid/recipe.h"

#include "binding.h"
#include "core/json.h"
#include "core/settings.h"
#include "recipe/kind_settings.h"
#include "run/run_json.h"

namespace pellucid::python {

namespace {

std::vector<std::string> names_of_settings() {
  Recipe recipe;
  std::vector<std::string> names;
  for (const FieldState& field : list_fields(recipe)) names.emplace_back(field.info.name);
  for (const std::string& name : kind_setting_names()) names.push_back(name);
  return names;
}

// For documents: name, group, default, range and help of every setting.
std::string described_settings() {
  Recipe recipe;
  Json all = Json::array();
  for (const FieldState& field : list_fields(recipe)) {
    all.push_back(
        {{"name", field.info.name}, {"default", field.text()}, {"range", field.range()}, {"help", field.info.help}});
  }
  return json_text(all);
}

}  // namespace

void bind_recipe(nb::module_& m) {
  nb::class_<Recipe>(m, "Recipe", "All settings of a training.")
      .def(nb::init<>())
      .def(
          "set",
          [](Recipe& recipe, const std::string& name, const std::vector<std::string>& texts) {
            set_setting(recipe, name, texts, name);
            recipe.origins[setting_name(name)] = "argument " + name;
          },
          nb::arg("name"), nb::arg("texts"))
      .def(
          "text", [](const Recipe& recipe, const std::string& name) { return setting_text(recipe, name); },
          nb::arg("name"))
      .def_prop_ro("writes_folder", [](const Recipe& recipe) {
        return recipe.origins.contains("out") || !recipe.run.name.empty() || !recipe.run.resume.empty();
      });
  m.def("setting_names", &names_of_settings, "Names of all settings of a training.");
  m.def("described_settings", &described_settings, "All settings as JSON: name, default, range, help.");
}

}  // namespace pellucid::python
