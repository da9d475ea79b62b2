// The settings of a kind in one line, "quantile(share=0.9)", and back.
// Not here: settings as JSON and from the command line (core/settings.h).
#pragma once

#include <string>
#include <string_view>

#include "core/settings.h"

namespace pellucid {

/// The name, followed by the settings as name=value in parentheses; values are written as in JSON. Without settings,
/// only the name.
std::string settings_text(std::string_view name, Describable settings);

/// Sets the settings that the text between the parentheses names; the others keep their values. A single value without
/// a name sets the first setting. `what` is the beginning of error messages, such as "loss quantile". Throws U12 if the
/// text has another form or a value is out of range, U05 for an unknown name.
void settings_from_text(Describable settings, std::string_view text, const std::string& what);

}  // namespace pellucid
