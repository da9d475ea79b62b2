// config.toml as text: a line per setting, with its origin. Not here: reading TOML (the program).
#include "recipe/config_text.h"

#include <fmt/format.h>

#include "core/text.h"

namespace pellucid {
namespace {

std::string toml_quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += byte < 0x20 || byte == 0x7f ? fmt::format("\\u{:04x}", byte) : std::string(1, c);
  }
  return quoted + "\"";
}

std::string config_line(const std::string& name, const FieldState& field, const std::string& origin) {
  return fmt::format("{:<34} # {}\n", fmt::format("{} = {}", name, toml_value(field)), origin);
}

}  // namespace

std::string toml_value(const FieldState& field) {
  const std::string text = field.text();
  double number = 0;
  if (const auto* list = std::get_if<std::vector<std::string>>(&field.value); list != nullptr && list->size() > 1) {
    std::vector<std::string> quoted;
    for (const std::string& name : *list) quoted.push_back(toml_quoted(name));
    return "[" + join(quoted, ", ") + "]";
  }
  const bool plain = std::holds_alternative<double>(field.value) || std::holds_alternative<std::int64_t>(field.value) ||
                     std::holds_alternative<bool>(field.value);
  if (plain || (parse_number(text, number) && text.find_first_of("ni") == std::string::npos)) return text;
  return toml_quoted(text);
}

std::string config_text(Recipe& recipe, const std::string& repeat) {
  std::string text = "# Every setting of this run and where it came from. To repeat it:\n#   " + repeat + "\n";
  std::string group;
  for (const FieldState& field : list_fields(recipe)) {
    const std::string name = field.info.name;
    if (name == "resume") continue;  // a way to go on, not a property of the run
    const std::string title = setting_group(name);
    if (!title.empty() && title != group) text += fmt::format("\n# {}\n", group = title);
    text +=
        config_line(name.find('.') == std::string::npos ? name : "\"" + name + "\"", field, origin_of(recipe, name));
  }
  return text;
}

}  // namespace pellucid
