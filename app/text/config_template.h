// The pellucid.toml that `init` writes: what was found in a table, and every setting there is.
// Not here: the config.toml of a run (setting_sources.h).
#pragma once

#include <string>
#include <vector>

#include "pellucid/findings.h"
#include "pellucid/recipe.h"
#include "pellucid/table.h"

namespace pellucid::app {

/// Settings that differ from the default hold; every other one is there as a comment, with its default, what it does
/// and what it takes; those of optimizer, schedule and loss as they are in `resolved`, which has a preset's values.
/// `table`, its task's `reason` and `findings` are told in comments.
std::string config_template(const Table& table, Recipe settings, const Recipe& resolved, const std::string& reason,
                            const std::vector<Finding>& findings);

}  // namespace pellucid::app
