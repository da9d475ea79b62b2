// Writes settings as one line of text, and reads them back.
// Not here: the settings themselves (for example pellucid/loss.h).
#include "core/settings_text.h"

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// Splits the text at commas that are not inside quotes or brackets.
std::vector<std::string> cut(std::string_view text) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\' && i + 1 < text.size()) {
      parts.back() += c;
      parts.back() += text[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (!quoted) depth += (c == '[') - (c == ']');
    if (c == ',' && !quoted && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

std::string settings_text(std::string_view name, Describable settings) {
  std::vector<std::string> parts;
  const Json json = settings_to_json(settings);
  for (const auto& [key, value] : json.items()) parts.push_back(key + "=" + value.dump());
  return std::string(name) + (parts.empty() ? "" : "(" + join(parts, ", ") + ")");
}

void settings_from_text(Describable settings, std::string_view text, const std::string& what) {
  if (trim(text).empty()) return;
  const std::vector<FieldState> fields = list_fields(settings);
  Json json = Json::object();
  for (const std::string& part : cut(text)) {
    const std::size_t equals = part.find('=');
    const bool named = equals != std::string::npos;
    std::string name = named ? trim(part.substr(0, equals)) : "";
    if (!named && json.empty() && !fields.empty()) name = fields.front().info.name;
    const Json value = parse_json(trim(named ? part.substr(equals + 1) : part));
    if (name.empty() || value.is_discarded()) {
      throw Error("U12", what + ": expected settings as name=value, got " + quote(part));
    }
    json[name] = value;
  }
  settings_from_json(settings, json, what);
}

}  // namespace pellucid
