// Quoting for POSIX shells and for lists of names. Not here: quoting for display (quote in core/text.cc).
#include "core/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/text.h"
#include "pellucid/setting_hint.h"

namespace pellucid {

namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_plain(char c) {
  constexpr std::string_view marks = "_-./,:=+@%";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80 ||
         marks.find(c) != std::string_view::npos;
}

// One item of a list: the text inside double quotes at its start, and the unquoted rest.
struct Item {
  std::string quoted, rest;
};

// Removes the next item and the comma after it from the list.
Item take_item(std::string_view& list) {
  Item item;
  list.remove_prefix(std::min(list.find_first_not_of(" \t"), list.size()));
  if (list.starts_with('"')) {
    std::size_t at = 1;
    while (at < list.size() && (list[at] != '"' || list.substr(at).starts_with("\"\""))) {
      at += list[at] == '"' ? 1 : 0;
      if (at < list.size()) item.quoted += list[at++];
    }
    if (at < list.size()) {
      list.remove_prefix(at + 1);
    } else {
      item.quoted.clear();  // the quote is never closed, so the name itself begins with a double quote
    }
  }
  const std::size_t comma = list.find(',');
  item.rest = trim(list.substr(0, comma));
  list.remove_prefix(std::min(comma, list.size()));
  return item;
}

// Calls take(item) for each item; a comma at the end counts as followed by an empty item.
template <class Take>
void for_each_item(std::string_view list, const Take& take) {
  if (list.empty()) return;
  take(take_item(list));
  while (!list.empty()) {
    list.remove_prefix(1);
    take(take_item(list));
  }
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) {
    std::string word = "$'";
    for (const char c : text) {
      if (c == '\'' || c == '\\') word += '\\';
      word += is_control(c) ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    return word + "'";
  }
  if (!text.empty() && text.front() != '=' && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string list_name(std::string_view name) {
  if (name.find_first_of(",\"") == std::string_view::npos && trim(name) == name && !name.empty())
    return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::vector<std::string> split_names(std::string_view list) {
  std::vector<std::string> names;
  for_each_item(list, [&](const Item& item) { names.push_back(item.quoted + item.rest); });
  return names;
}

std::vector<NamedValue> split_named_values(std::string_view list) {
  std::vector<NamedValue> values;
  for_each_item(list, [&](const Item& item) {
    const std::size_t equals = item.rest.rfind('=');
    const bool assigned = equals != std::string::npos;
    values.push_back(
        {item.quoted + item.rest.substr(0, equals), assigned ? item.rest.substr(equals + 1) : "", assigned});
  });
  return values;
}

std::string kind_hint(std::string_view column, std::string_view kind) {
  return setting_hint("kind", list_name(column) + "=" + std::string(kind));
}

}  // namespace pellucid
