// Presets: names for whole recipes, each piece of which is an ordinary setting.
// Not here: the rules behind auto (the library's auto_…), where settings come from (setting_sources.h).
#pragma once

#include "setting_sources.h"

namespace pellucid::app {

/// Puts the preset's value wherever nothing else was asked for; the origin becomes "preset tabular".
void apply_preset(Sourced& sourced, bool classification);

}  // namespace pellucid::app
