// The settings of a kind in one line, "quantile(share=0.9)", and back.
// Not here: settings as JSON and from the command line (core/settings.h).
#pragma once

#include <string>
#include <string_view>

#include "core/settings.h"

namespace pellucid {

/// The name, and in parentheses each setting as name=value, where a value is written as in JSON. Without settings the
/// name alone.
std::string settings_text(std::string_view name, Describable settings);

/// Sets what stands between the parentheses and leaves the rest; one value without a name goes to the first setting.
/// Throws U12 where the text is not of that form or a value does not fit, U05 for an unknown name. `what` opens the
/// message: "loss quantile".
void settings_from_text(Describable settings, std::string_view text, const std::string& what);

}  // namespace pellucid
