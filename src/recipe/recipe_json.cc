// From JSON values to the texts that set_setting takes. Not here: which settings there are (recipe.cc).
#include "recipe/recipe_json.h"

#include <algorithm>

#include "core/json.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

bool text_of(const Json& value, std::string& text) {
  if (value.is_string()) return text = value.get<std::string>(), true;
  if (value.is_number_float()) return text = number_text(value.get<double>()), true;
  if (value.is_number() || value.is_boolean()) return text = value.dump(), true;
  return false;
}

bool list_of(const Json& value, std::vector<std::string>& list) {
  if (!value.is_array()) return false;
  return std::ranges::all_of(value, [&](const Json& item) { return text_of(item, list.emplace_back()); });
}

class SettingsReader {
 public:
  SettingsReader(Recipe& recipe, const std::string& what) : recipe_(recipe), what_(what) {}

  void read(std::string_view json) {
    const Json document = parse_json(json);
    if (!document.is_object()) {
      throw Error("U05", what_ + " is not a JSON object", {"settings are written like this: {\"epochs\": 50}"});
    }
    for (const auto& [name, value] : document.items()) member(name, value);
    if (problems_.size() == 1) throw problems_.front();
    if (problems_.empty()) return;
    std::vector<std::string> texts;
    for (const Error& problem : problems_) texts.emplace_back(problem.what());
    throw Error("U05", what_ + " has " + plural(static_cast<std::int64_t>(texts.size()), "problem"), texts);
  }

 private:
  void member(const std::string& name, const Json& value) {
    if (!value.is_object()) return setting(name, value);
    if (name != "kind") {  // an optimizer, a schedule or a loss with its settings
      for (const auto& [inner, given] : value.items()) setting(name + "." + inner, given);
      return;
    }
    Json list = Json::array();
    for (const auto& [column, kind] : value.items()) {
      std::string text;
      list.push_back(column + "=" + (text_of(kind, text) ? text : kind.dump()));
    }
    setting(name, list);
  }

  void setting(const std::string& name, const Json& value) try {
    std::string text;
    std::vector<std::string> list;
    const bool listed = list_of(value, list);
    if (!listed && !text_of(value, text)) {
      throw Error("U05", what_ + ": " + name + " takes text, a number, true, false or a list");
    }
    if (listed && holds_list(recipe_, setting_name(name))) {
      set_setting(recipe_, name, list, what_);
    } else {
      set_setting(recipe_, name, listed ? list_setting_text(name, list) : text, what_);
    }
    recipe_.origins[setting_name(name)] = what_;
  } catch (const Error& error) {
    problems_.push_back(error);
  }

  Recipe& recipe_;
  const std::string& what_;
  std::vector<Error> problems_;
};

}  // namespace

std::string list_setting_text(const std::string& name, std::vector<std::string> list) {
  for (std::string& item : list) {
    const std::size_t equals = name == "kind" ? item.rfind('=') : name == "drop" ? item.size() : 0;
    if (equals != 0) item = list_name(item.substr(0, equals)) + item.substr(std::min(equals, item.size()));
  }
  return join(list, ",");
}

void set_settings(Recipe& recipe, std::string_view json, const std::string& what) {
  SettingsReader(recipe, what).read(json);
}

}  // namespace pellucid
