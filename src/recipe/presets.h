// Presets: named sets of settings. Each of their values is an ordinary setting that can be given by itself.
// Not here: the rules behind other settings that are "auto" (resolve.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "pellucid/recipe.h"
#include "pellucid/table.h"
#include "pellucid/train_table.h"

namespace pellucid {

/// The recipe with the preset that "auto" stands for: tabular for a table of single cells that is not too large, unless
/// a setting of the net or its training has a value that tabular does not give it (how long training goes on and which
/// epoch is kept do not count); otherwise plain. The origin becomes "auto: reason". A preset that was given stays.
Recipe with_chosen_preset(Recipe recipe, const Table& table);

/// The recipe with the numbers of members and folds that "auto" stands for: two members of four folds each for the
/// preset tabular and a table of at least 300 rows, unless validation rows are given or other weights are the start;
/// otherwise one net. More members of such a table that were asked for have four folds, too.
Recipe with_members_of_table(Recipe recipe, const TrainTable& data);
/// Whether the recipe asks for more than one usual training.
bool trains_members(const Recipe& recipe);

/// Whether a value of this origin was chosen by a rule, a preset or a search, and not by a person.
bool is_by_rule(std::string_view origin);

/// The recipe with the preset's value wherever nothing else was given; the origin becomes "preset NAME".
Recipe with_preset(Recipe recipe, bool classification, std::int64_t train_rows);
/// Only those of its values that the split needs: how numbers are scaled.
Recipe with_preset_of_data(Recipe recipe);

}  // namespace pellucid
