// Settings that were given and that this training does not use.
// Not here: settings of an optimizer, schedule or loss (kind_settings.h), settings that exclude each other (data.cc).
#pragma once

#include <vector>

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"
#include "pellucid/train_table.h"

namespace pellucid {

/// Both throw U35 for the first setting that was given, has no effect, and differs from its default and from what the
/// preset says; a recipe that was written down with all its settings therefore passes. `recipe` has a preset. This one
/// looks at how the file was read and which rows it brings.
void check_used(const Recipe& recipe, const TrainTable& data);
/// Looks at everything else; `recipe` is resolved.
void check_used(const Recipe& recipe, const Split& split);

/// A setting of the table behind check_used, and whether every training uses it or refuses it by an error of its own.
struct SettingUse {
  const char* setting;
  bool always;
};
/// Every setting of a recipe, once.
std::vector<SettingUse> setting_uses();

}  // namespace pellucid
