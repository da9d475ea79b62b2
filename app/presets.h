// Presets: names for whole recipes, each piece of which is an ordinary setting.
// Not here: the rules behind other autos (the library's auto_…), where settings come from (setting_sources.h).
#pragma once

#include "app/cli/setting_sources.h"
#include "pellucid/table.h"

namespace pellucid::app {

/// Makes --preset auto one of the others: tabular for a table of single cells that is not too large, unless something
/// of the net or its training (other than its length, early stopping and which epoch is kept) was set to what the
/// recipe does not say; else plain. The origin becomes "auto: reason".
void choose_preset(Sourced& sourced, const Table& table);

/// Puts the preset's value wherever nothing else was asked for; the origin becomes "preset NAME".
void apply_preset(Sourced& sourced, bool classification, std::int64_t train_rows);

}  // namespace pellucid::app
