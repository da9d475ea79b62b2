// The texts of `pellucid explain` for settings and for the words that a setting takes, such as "robust" for scale.
// Not here: which settings there are (pellucid/recipe.h), kinds with a table of their own (kind_texts.cc).
#pragma once

#include <vector>

#include "app/text/kind_texts.h"

namespace pellucid::app {

/// Appends one text per setting of a training, then one per word that a setting takes.
void add_settings(std::vector<KindText>& texts);

}  // namespace pellucid::app
