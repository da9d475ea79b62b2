// Reading an earlier run's settings into a recipe, so that spellings do not count as differences.
// Not here: the settings (recipe.cc).
#include "recipe/setting_differences.h"

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "recipe/presets.h"
#include "recipe/resolve.h"

namespace pellucid {
namespace {

bool is_same(const std::string& a, const std::string& b) {
  double x = 0, y = 0;
  return a == b || (parse_number(a, x) && parse_number(b, y) && x == y);
}

}  // namespace

std::vector<SettingDifference> setting_differences(const std::map<std::string, std::string>& then, const Recipe& now) {
  Recipe earlier = now, current = now;
  for (const auto& [name, value] : then) {
    try {
      set_setting(earlier, name, value, "the earlier run");
    } catch (const Error& error) {
      if (error.code() != "U05") throw;
    }
  }
  earlier = with_kinds_settled(std::move(earlier));
  std::vector<SettingDifference> differences;
  const std::vector<FieldState> had = list_fields(earlier);
  for (const FieldState& field : list_fields(current)) {
    const std::string name = field.info.name, text = field.text();
    for (const FieldState& old : had) {
      if (name != old.info.name || is_same(old.text(), text)) continue;
      // Earlier versions wrote "auto" for a setting of the data where now the value stands that the rule chose.
      if (old.text() == "auto" && setting_group(name) == "Data" && is_by_rule(origin_of(now, name))) continue;
      differences.push_back({name, old.text(), text, origin_of(now, name)});
    }
  }
  return differences;
}

}  // namespace pellucid
