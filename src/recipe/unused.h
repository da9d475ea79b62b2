// Settings that were given and that this training does not use. Not here: settings of an optimizer, schedule or loss
// (kind_settings.h), settings that exclude each other (resolve.cc, data.cc).
#pragma once

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"

namespace pellucid {

/// Throws U35 for the first setting that was given, differs from what a rule would have chosen, and has no effect.
/// `recipe` is resolved.
void check_used(const Recipe& recipe, const Split& split);

/// The same for shares of rows that are given in files of their own.
void check_shares(const DataSettings& settings, bool has_validation_rows, bool has_test_rows, bool folds);

}  // namespace pellucid
