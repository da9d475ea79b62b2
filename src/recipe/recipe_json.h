// Settings of a recipe as a JSON object. Not here: settings as toml and flags (app/cli/setting_sources.cc), JSON about
// a run that has ended (run/run_json.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pellucid/recipe.h"

namespace pellucid {

/// Sets what the object contains: {"epochs": 50, "hidden": [64, 32], "kind": {"zip": "categorical"},
/// "optimizer": {"kind": "adam", "beta1": 0.8}, "optimizer.beta2": 0.99}. `what` is the beginning of messages and the
/// origin of the settings. Throws U05 for text that is not such an object; if several settings are wrong, the error
/// lists all of them.
void set_settings(Recipe& recipe, std::string_view json, const std::string& what);

/// A list as the text that set_setting takes for a setting that holds no list: hidden, kind, drop.
std::string list_setting_text(const std::string& name, std::vector<std::string> list);

}  // namespace pellucid
