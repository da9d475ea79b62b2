// Soft targets: probabilities of the classes in columns of the table or in a file, for the loss to learn.
// Not here: how the loss reads them (dataset.h, model/feeder.cc).
#pragma once

#include <string_view>

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"
#include "pellucid/train_table.h"

namespace pellucid {

/// Whether the setting soft_target names columns, and not a file.
bool is_pattern(std::string_view soft_target) noexcept;

/// Whether the settings ask for soft targets that have not been taken yet.
bool waits_for_soft_targets(const TrainTable& data, const DataSettings& settings) noexcept;

/// Fills data.soft as the settings say, and removes the columns that it uses from the table, where they would give the
/// answer away as features. A table without the target column that the settings name gets it, with the most probable
/// class of each row. Does
/// nothing unless waits_for_soft_targets(). Throws D44 (numbers that are no probabilities), D54 (columns
/// or rows that do not match), U02, U06, and what reading a file throws.
void take_soft_targets(TrainTable& data, const DataSettings& settings);

/// Gives the target of a plan a class for each column of data.soft, and tells where they come from. Throws U06 for a
/// target that is no class, D54 for a class without a column.
void settle_soft_classes(SplitPlan& plan, const TrainTable& data);

/// Gives the training and validation rows their soft targets.
void set_soft_targets(Split& split, const TrainTable& data);

}  // namespace pellucid
