// The pellucid.toml that `init` writes: a description of the table, and every setting.
// Not here: the config.toml of a run (setting_sources.h).
#pragma once

#include <string>
#include <vector>

#include "pellucid/findings.h"
#include "pellucid/recipe.h"
#include "pellucid/table.h"

namespace pellucid::app {

/// Settings that differ from their default are active lines. Every other setting is a comment with its default, its
/// meaning and its values; the settings of optimizer, schedule and loss have the values of `resolved`, into which a
/// preset was filled in. Comments also describe `table`, the `reason` for its task, and `findings`.
std::string config_template(const Table& table, Recipe settings, const Recipe& resolved, const std::string& reason,
                            const std::vector<Finding>& findings);

}  // namespace pellucid::app
