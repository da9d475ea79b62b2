// config.toml: every setting of a run with its origin, as text. Not here: reading it (the program).
#pragma once

#include <string>

#include "core/settings.h"
#include "pellucid/recipe.h"

namespace pellucid {

/// A value as TOML writes it.
std::string toml_value(const FieldState& field);

/// The config.toml of a run: every setting with its origin. `repeat` is the command that repeats the run, which the
/// opening comment shows.
std::string config_text(Recipe& recipe, const std::string& repeat);

}  // namespace pellucid
