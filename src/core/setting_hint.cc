// Writing and finding setting hints in texts.
// Not here: how a front end spells them (app/cli/flag_text.cc), lists of names (shell.cc).
#include "pellucid/setting_hint.h"

#include <algorithm>

#include "core/shell.h"
#include "core/text.h"

namespace pellucid {

namespace {

constexpr std::string_view assignment = " = ";

bool is_setting_name(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' && std::all_of(name.begin(), name.end(), fits);
}

// Reads the text up to the closing backtick into `inside`, with doubled backticks made single, and removes it and the
// backtick from `text`. The opening backtick must have been removed already. Returns false and leaves `text` unchanged
// if there is no closing backtick.
bool take_hint(std::string_view& text, std::string& inside) {
  inside.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`' && (i + 1 == text.size() || text[i + 1] != '`')) {
      text.remove_prefix(i + 1);
      return true;
    }
    if (text[i] == '`') ++i;
    inside += text[i];
  }
  return false;
}

}  // namespace

std::string setting_hint(std::string_view name, std::string_view value) {
  std::string hint = "`" + std::string(name);
  if (!value.empty()) hint += assignment;
  for (const char c : value) hint += c == '`' ? std::string("``") : std::string(1, c);
  return hint + "`";
}

std::string setting_hint_list(std::string_view name, const std::vector<std::string>& names) {
  std::vector<std::string> list;
  for (const std::string& item : names) list.push_back(list_name(item));
  return setting_hint(name, join(list, ","));
}

std::string with_settings(std::string_view text,
                          const std::function<std::string(std::string_view, std::string_view)>& spell) {
  std::string result, inside;
  while (!text.empty()) {
    const std::size_t tick = std::min(text.find('`'), text.size());
    result += text.substr(0, tick);
    text.remove_prefix(tick);
    if (text.empty()) break;
    std::string_view rest = text.substr(1);
    std::string spelled;
    if (take_hint(rest, inside)) {
      const std::size_t equals = inside.find(assignment);
      const std::string_view all = inside, name = all.substr(0, equals);
      const std::string_view value = equals == std::string::npos ? "" : all.substr(equals + assignment.size());
      if (is_setting_name(name)) spelled = spell(name, value);
    }
    // For an unknown hint, only its first backtick is copied to the result, because the next backtick may begin a hint.
    result += spelled.empty() ? "`" : spelled;
    text = spelled.empty() ? text.substr(1) : rest;
  }
  return result;
}

}  // namespace pellucid
