// Visitors over described settings: JSON, text, validation. Not here: the settings of any particular kind.
#include "core/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "core/number_hint.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// One visitor class for all uses: it calls a generic function with (info, value&) for each field.
template <class F>
class Visit : public Fields {
 public:
  explicit Visit(F f) : f_(std::move(f)) {}
  void field(const FieldInfo& info, double& value) override { f_(info, value); }
  void field(const FieldInfo& info, std::int64_t& value) override { f_(info, value); }
  void field(const FieldInfo& info, bool& value) override { f_(info, value); }
  void field(const FieldInfo& info, std::string& value) override { f_(info, value); }
  void field(const FieldInfo& info, std::vector<std::string>& value) override { f_(info, value); }
  void field(const FieldInfo& info, Auto<double>& value) override { f_(info, value); }
  void field(const FieldInfo& info, Auto<std::int64_t>& value) override { f_(info, value); }
  void field(const FieldInfo& info, Auto<std::vector<std::int64_t>>& value) override { f_(info, value); }

 private:
  F f_;
};

template <class F>
void visit(Describable settings, F f) {
  Visit<F> visitor(std::move(f));
  settings.describe(visitor);
}

std::string value_text(double x) {
  return number_text(x);
}
std::string value_text(std::int64_t x) {
  return std::to_string(x);
}
std::string value_text(bool x) {
  return x ? "true" : "false";
}
std::string value_text(const std::string& x) {
  return x;
}
std::string value_text(const std::vector<std::string>& x) {
  return join(x, ",");
}
std::string value_text(const std::vector<std::int64_t>& list) {
  std::vector<std::string> texts;
  for (const std::int64_t x : list) texts.push_back(std::to_string(x));
  return list.empty() ? "none" : join(texts, ",");
}
template <class T>
std::string value_text(const Auto<T>& x) {
  return x.is_auto() ? "auto" : value_text(x.value());
}

std::string range_text(const FieldInfo& info) {
  if (info.choices[0] != '\0') return info.choices;
  const Range& r = info.range;
  const bool low = r.low > -std::numeric_limits<double>::infinity();
  const bool high = r.high < std::numeric_limits<double>::infinity();
  if (low && high) {
    return fmt::format("{} {} x {} {}", number_text(r.low), r.low_open ? "<" : "≤", r.high_open ? "<" : "≤",
                       number_text(r.high));
  }
  if (low) return fmt::format("{} {}", r.low_open ? ">" : "≥", number_text(r.low));
  if (high) return fmt::format("{} {}", r.high_open ? "<" : "≤", number_text(r.high));
  return "";
}

// Whether a field is a share of rows or units, which users often give in percent.
bool takes_share(const FieldInfo& info) {
  const std::string_view name = info.name;
  return name.ends_with("_split") || name == "dropout";
}

template <class T>
constexpr bool is_automatic = false;
template <class T>
constexpr bool is_automatic<Auto<T>> = true;

[[noreturn]] void throw_range(const std::string& what, const FieldInfo& info, const std::string& got,
                              const char* or_auto) {
  // If the field takes no value above 1, a number from 1 to 100 was probably meant as a percentage.
  double x = 0;
  const bool percent = takes_share(info) && parse_number(got, x) && x > 1 && x <= 100;
  throw Error("U12", fmt::format("{}: {} takes {}{}, got {}{}", what, info.name, range_text(info), or_auto, got,
                                 percent ? fmt::format("; {} % is {}", got, number_text(x / 100)) : ""));
}

bool fits(const FieldInfo& info, double x) {
  return info.range.contains(x);
}
bool fits(const FieldInfo& info, std::int64_t x) {
  return info.range.contains(static_cast<double>(x));
}
bool fits(const FieldInfo&, bool) {
  return true;
}
bool fits(const FieldInfo& info, const std::string& x) {
  if (info.choices[0] == '\0') return true;
  const auto words = split_text(info.choices, '|');
  return std::find(words.begin(), words.end(), x) != words.end();
}

bool fits(const FieldInfo&, const std::vector<std::string>&) {
  return true;
}

bool fits(const FieldInfo& info, const std::vector<std::int64_t>& list) {
  return std::all_of(list.begin(), list.end(), [&](std::int64_t x) { return fits(info, x); });
}

template <class T>
bool fits(const FieldInfo& info, const Auto<T>& x) {
  return x.is_auto() || fits(info, x.value());
}

template <class T>
void require_fit(const std::string& what, const FieldInfo& info, const T& value, const std::string& got) {
  if (!fits(info, value)) throw_range(what, info, got, is_automatic<T> ? " or auto" : "");
}

bool read_json(const Json& json, double& value) {
  if (!json.is_number()) return false;
  value = json.get<double>();
  return true;
}
bool read_json(const Json& json, std::int64_t& value) {
  return read_count(json, INT64_MIN, value);
}
bool read_json(const Json& json, bool& value) {
  if (!json.is_boolean()) return false;
  value = json.get<bool>();
  return true;
}
bool read_json(const Json& json, std::string& value) {
  if (!json.is_string()) return false;
  value = json.get<std::string>();
  return true;
}

bool read_json(const Json& json, std::vector<std::string>& value) {
  const auto is_text = [](const Json& item) { return item.is_string(); };
  if (!json.is_array() || !std::all_of(json.begin(), json.end(), is_text)) return false;
  value = json.get<std::vector<std::string>>();
  return true;
}

bool read_json(const Json& json, std::vector<std::int64_t>& value) {
  if (!json.is_array()) return false;
  value.clear();
  return std::all_of(json.begin(), json.end(), [&](const Json& item) { return read_json(item, value.emplace_back()); });
}

template <class T>
bool read_json(const Json& json, Auto<T>& value) {
  if (json == "auto") return value = {}, true;
  T read{};
  if (!read_json(json, read)) return false;
  value = std::move(read);
  return true;
}

bool read_text(std::string_view text, double& value) {
  return parse_number(text, value);
}
bool read_text(std::string_view text, std::int64_t& value) {
  return parse_integer(text, value);
}
bool read_text(std::string_view text, bool& value) {
  value = text == "true";
  return text == "true" || text == "false";
}
bool read_text(std::string_view text, std::string& value) {
  value = text;
  return true;
}

bool read_text(std::string_view text, std::vector<std::string>& value) {
  value.clear();
  if (!text.empty()) value.emplace_back(text);
  return true;
}

// "64,32", or "none" for an empty list.
bool read_text(std::string_view text, std::vector<std::int64_t>& value) {
  value.clear();
  if (text == "none") return true;
  const std::vector<std::string> parts = split_text(text, ',');
  return std::all_of(parts.begin(), parts.end(),
                     [&](const std::string& part) { return parse_integer(part, value.emplace_back()); });
}

template <class T>
bool read_text(std::string_view text, Auto<T>& value) {
  if (text == "auto") return value = {}, true;
  T read{};
  if (!read_text(text, read)) return false;
  value = std::move(read);
  return true;
}

Json json_of(const auto& value) {
  return value;
}
template <class T>
Json json_of(const Auto<T>& value) {
  return value.is_auto() ? Json("auto") : Json(value.value());
}

const char* type_name(double) {
  return "a number";
}
const char* type_name(std::int64_t) {
  return "a whole number";
}
const char* type_name(bool) {
  return "true or false";
}
const char* type_name(const std::string&) {
  return "text";
}

const char* type_name(const std::vector<std::string>&) {
  return "a list of texts";
}

const char* type_name(const Auto<double>&) {
  return "a number or auto";
}
const char* type_name(const Auto<std::int64_t>&) {
  return "a whole number or auto";
}
const char* type_name(const Auto<std::vector<std::int64_t>>&) {
  return "whole numbers such as 64,32, none or auto";
}

template <class T>
std::string hint_for(std::string_view text, const T&) {
  constexpr bool real = std::is_same_v<T, double> || std::is_same_v<T, Auto<double>>;
  constexpr bool whole = std::is_same_v<T, std::int64_t> || std::is_same_v<T, Auto<std::int64_t>>;
  return whole || real ? number_hint(text, whole) : "";
}

std::string unknown_field(Describable settings, std::string_view name) {
  std::vector<std::string> names;
  for (const FieldState& field : list_fields(settings)) names.emplace_back(field.info.name);
  const std::string near = closest(name, names);
  if (!near.empty()) return fmt::format("no setting {}; did you mean {}?", quote(name), near);
  return fmt::format("no setting {}; there are: {}", quote(name), names.empty() ? "none" : join(names, ", "));
}

}  // namespace

void detail::throw_undecided() {
  throw Error("U36", "this setting is still auto: it gets its value when the recipe is resolved");
}

std::string FieldState::text() const {
  return std::visit([](const auto& x) { return value_text(x); }, value);
}

std::string FieldState::range() const {
  return range_text(info);
}

std::vector<FieldState> list_fields(Describable settings) {
  std::vector<FieldState> fields;
  visit(settings, [&](const FieldInfo& info, auto& value) { fields.push_back({info, value}); });
  return fields;
}

Json settings_to_json(Describable settings) {
  Json json = Json::object();
  visit(settings, [&](const FieldInfo& info, auto& value) { json[info.name] = json_of(value); });
  return json;
}

void settings_from_json(Describable settings, const Json& json, const std::string& what) {
  if (!json.is_object()) throw Error("U05", what + ": expected an object of settings, got " + json.type_name());
  std::vector<std::string> problems;
  for (const auto& entry : json.items()) {
    const std::string& key = entry.key();
    bool found = false;
    visit(settings, [&](const FieldInfo& info, auto&) { found = found || key == info.name; });
    if (!found) problems.push_back(unknown_field(settings, key));
  }
  if (!problems.empty())
    throw Error("U05", what + " has " + plural(static_cast<std::int64_t>(problems.size()), "problem"), problems);
  visit(settings, [&](const FieldInfo& info, auto& value) {
    const auto entry = json.find(info.name);
    if (entry == json.end()) return;
    auto read = value;
    if (!read_json(*entry, read)) {
      throw Error("U12", fmt::format("{}: {} takes {}, got {}", what, info.name, type_name(value), entry->dump()));
    }
    require_fit(what, info, read, entry->dump());
    value = std::move(read);
  });
}

void set_field(Describable settings, std::string_view name, std::string_view text, const std::string& what) {
  bool found = false;
  visit(settings, [&](const FieldInfo& info, auto& value) {
    if (name != info.name) return;
    found = true;
    auto read = value;
    if (!read_text(text, read)) {
      throw Error("U02", fmt::format("{}: {} takes {}, got {}{}", what, info.name, type_name(value), quote(text),
                                     hint_for(text, value)));
    }
    require_fit(what, info, read, std::string(text));
    value = std::move(read);
  });
  if (!found) throw Error("U05", what + ": " + unknown_field(settings, name));
}

void set_list_field(Describable settings, std::string_view name, const std::vector<std::string>& list,
                    const std::string& what) {
  bool found = false;
  visit(settings, [&](const FieldInfo& info, auto& value) {
    if (name != info.name) return;
    found = true;
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::vector<std::string>>) {
      value = list;
    } else {
      throw Error("U02", fmt::format("{}: {} takes {}, no list", what, info.name, type_name(value)));
    }
  });
  if (!found) throw Error("U05", what + ": " + unknown_field(settings, name));
}

void check_settings(Describable settings, const std::string& what) {
  visit(settings, [&](const FieldInfo& info, auto& value) { require_fit(what, info, value, value_text(value)); });
}

}  // namespace pellucid
