// Replaces setting hints in texts by flags.
// Not here: finding hints in a text (core/setting_hint.cc).
#include "app/cli/flag_text.h"

#include <algorithm>
#include <vector>

#include "core/settings.h"
#include "core/shell.h"
#include "pellucid/recipe.h"
#include "pellucid/setting_hint.h"

namespace pellucid::app {

namespace {

bool is_flag(std::string_view name) {
  static const std::vector<std::string> names = [] {
    Recipe recipe;
    std::vector<std::string> found = {"force", "columns", "classes", "take",
                                      "interval"};  // flags of commands, not settings
    for (const FieldState& field : list_fields(recipe)) found.emplace_back(field.info.name);
    return found;
  }();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string flag_of(std::string_view name, std::string_view value) {
  const std::string setting = setting_name(std::string(name));
  if (!is_flag(setting)) return "";
  const std::string flags = setting_flags(setting);
  const std::string flag = flags.empty() ? "--" + setting : flags.substr(0, flags.find(','));
  return value.empty() || value == "true" ? flag : flag + " " + shell_word(value);
}

}  // namespace

std::string with_flags(std::string_view text) {
  return with_settings(text, flag_of);
}

Error with_flags(const Error& error) {
  std::vector<std::string> details;
  for (const std::string& detail : error.details()) details.push_back(with_flags(detail));
  return Error(error.code(), with_flags(error.what()), details);
}

}  // namespace pellucid::app
