// Settings of an earlier run against those of a recipe. Not here: which of them matter (the caller).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pellucid/recipe.h"

namespace pellucid {

struct SettingDifference {
  std::string name, then, now, origin;  ///< both values as they would be typed; where the value of now came from
};

/// `then` holds values by name, of this or an earlier version's spelling; what it does not name, or no version since
/// then knows, does not differ. `now` is resolved.
std::vector<SettingDifference> setting_differences(const std::map<std::string, std::string>& then, const Recipe& now);

}  // namespace pellucid
