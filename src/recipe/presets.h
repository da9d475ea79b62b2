// Presets: names for whole recipes, each piece of which is an ordinary setting.
// Not here: the rules behind other autos (the library's auto_…), where settings come from (setting_sources.h).
#pragma once

#include <string_view>

#include "pellucid/recipe.h"
#include "pellucid/table.h"

namespace pellucid {

/// Makes --preset auto one of the others: tabular for a table of single cells that is not too large, unless something
/// of the net or its training (other than its length, early stopping and which epoch is kept) was set to what the
/// recipe does not say; else plain. The origin becomes "auto: reason".
void choose_preset(Recipe& recipe, const Table& table);

/// Whether a value of this origin was chosen by a rule, a preset or a search, and not by somebody.
bool is_by_rule(std::string_view origin);

/// Puts the preset's value wherever nothing else was asked for; the origin becomes "preset NAME".
void apply_preset(Recipe& recipe, bool classification, std::int64_t train_rows);

}  // namespace pellucid
