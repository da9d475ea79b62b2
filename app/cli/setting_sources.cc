// Reading settings from flags, variables and toml, in the order of precedence; writing config.toml.
// Not here: the settings themselves (src/recipe/recipe.cc).
#include "app/cli/setting_sources.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "app/cli/flag_text.h"
#include "core/file.h"
#include "core/settings.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/loss.h"
#include "pellucid/optimizer.h"
#include "pellucid/schedule.h"
#include "recipe/recipe_json.h"
#include "run/run_log.h"

namespace pellucid::app {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// Converts a toml value to the text of a flag; false for values that no setting takes (tables, dates, lists).
bool toml_text(const toml::node& node, std::string& text) {
  if (const auto* s = node.as_string()) return text = s->get(), true;
  if (const auto* i = node.as_integer()) return text = std::to_string(i->get()), true;
  if (const auto* x = node.as_floating_point()) return text = number_text(x->get()), true;
  if (const auto* b = node.as_boolean()) return text = b->get() ? "true" : "false", true;
  return false;
}

bool toml_list(const toml::node& node, std::vector<std::string>& texts) {
  const auto* list = node.as_array();
  if (list == nullptr) return false;
  for (const toml::node& item : *list) {
    if (!toml_text(item, texts.emplace_back())) return false;
  }
  return true;
}

constexpr std::int64_t most_toml_depth = 32;

// The end of the string or comment that begins at i; text.size() if it is not closed.
std::size_t end_of_quoted(std::string_view text, std::size_t i) {
  const std::string_view mark = text.substr(i, 3) == "\"\"\"" || text.substr(i, 3) == "'''" ? text.substr(i, 3)
                                : text[i] == '#'                                            ? "\n"
                                                                                            : text.substr(i, 1);
  std::size_t end = text[i] == '#' ? i : i + mark.size();
  while (end < text.size() && text.substr(end, mark.size()) != mark) end += mark[0] == '"' && text[end] == '\\' ? 2 : 1;
  return std::min(text.size(), mark == "\n" ? end : end + mark.size());
}

// The first line (from 1) whose brackets or dots are nested deeper than any setting needs; 0 if there is none. The toml
// library parses and frees nested values recursively, so deep nesting would overflow the stack.
std::int64_t deep_line(std::string_view text) {
  std::int64_t line = 1, brackets = 0, dots = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\'' || c == '#') {
      const std::size_t end = end_of_quoted(text, i);
      line += std::count(text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(end),
                         '\n');
      i = end - 1;
      continue;
    }
    line += c == '\n';
    brackets += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
    dots = c == '.' ? dots + 1 : c == '\n' || c == '=' || c == ',' ? 0 : dots;
    if (std::max(brackets, dots) > most_toml_depth) return line;
  }
  return 0;
}

// One file of settings. Collects all problems, so that one error can report all of them.
class TomlReader {
 public:
  TomlReader(std::string path, Recipe& recipe) : path_(std::move(path)), recipe_(recipe) {}

  void read() {
    const std::string text = read_file(path_);
    if (const std::int64_t line = deep_line(text); line > 0) {
      throw Error("U05", fmt::format("{}:{}: lists, tables or dotted names are nested deeper than {}", path_, line,
                                     most_toml_depth));
    }
    try {
      table("", toml::parse(text));
    } catch (const toml::parse_error& error) {
      throw Error("U05", fmt::format("{}:{}: {}", path_, error.source().begin.line, error.description()));
    }
    if (problems_.empty()) return;
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> texts;
    for (const auto& [line, text] : problems_) texts.push_back(text);
    throw Error("U05", path_ + " has " + plural(static_cast<std::int64_t>(texts.size()), "problem"), texts);
  }

 private:
  void table(const std::string& prefix, const toml::table& entries) {
    for (const auto& [key, node] : entries) {
      const std::string name = prefix + std::string(key.str());
      const toml::table* inner = node.as_table();
      if (inner != nullptr && prefix.empty()) {
        table(name + ".", *inner);
      } else {
        entry(name, node);
      }
    }
  }

  void entry(const std::string& name, const toml::node& node) {
    const auto line = node.source().begin.line;
    std::string text;
    std::vector<std::string> list;
    const bool listed = toml_list(node, list);
    if (!listed && !toml_text(node, text)) {
      problems_.emplace_back(line, fmt::format("line {}: {} takes text, a number, true, false or a list", line, name));
      return;
    }
    try {
      const std::string what = fmt::format("line {}", line);
      if (listed && holds_list(recipe_, name)) {
        set_setting(recipe_, name, list, what);
      } else {
        set_setting(recipe_, name, listed ? list_setting_text(name, list) : text, what);
      }
      recipe_.origins[setting_name(name)] = path_;
    } catch (const Error& error) {
      problems_.emplace_back(line, error.what());
    }
  }

  std::string path_;
  Recipe& recipe_;
  std::vector<std::pair<std::uint32_t, std::string>> problems_;  // line, text
};

void read_variables(Recipe& recipe) {
  for (const FieldState& field : list_fields(recipe)) {
    const std::string name = field.info.name;
    if (name == "data") continue;  // the data must be named explicitly, never by an environment variable
    for (const std::string& spelling : {name, setting_json_name(name)}) {
      const std::string variable = "PELLUCID_" + upper(spelling);
      const char* value = std::getenv(variable.c_str());
      if (value == nullptr) continue;
      set_setting(recipe, name, value, variable);
      recipe.origins[name] = variable;
      break;
    }
  }
}

// Drops a file's settings of an optimizer, schedule or loss if the command line chooses another one.
template <class Kind>
void drop_stale_settings(Recipe& recipe, Choice<Kind>& choice, const std::string& owner, const std::string& file) {
  const auto from_file = [&](const std::string& name) {
    const auto origin = recipe.origins.find(name);
    return origin != recipe.origins.end() && origin->second == file;
  };
  if (!recipe.origins.contains(owner) || from_file(owner)) return;
  std::erase_if(choice.settings, [&](const KindSetting& setting) { return from_file(owner + "." + setting.name); });
}

}  // namespace

void TrainFlags::declare(CLI::App& app, bool with_data) {
  Recipe defaults;
  for (const FieldState& field : list_fields(defaults)) {
    const std::string name = field.info.name;
    const std::string group = setting_group(name);
    if (name == "data") {
      if (with_data) app.add_option("DATA", data_, with_flags(field.info.help))->group("");
    } else if (std::holds_alternative<bool>(field.value) && !group.empty()) {
      app.add_flag(setting_flags(name), switches_[name], with_flags(field.info.help))->group(group);
    } else if (!group.empty()) {
      CLI::Option* option =
          app.add_option(setting_flags(name), values_[name], with_flags(field.info.help))->group(group);
      option->allow_extra_args(false)->type_name(field.info.choices[0] != '\0' ? field.info.choices : field.info.unit);
      option->default_str(field.text());
    }
  }
  app.add_option("--config", config_, "read settings from a toml file (default: ./pellucid.toml)")
      ->type_name("FILE")
      ->group("Run");
  app.add_option("--set", sets_, "any setting, including optimizer.beta1, schedule.gamma, loss.reduction")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE")
      ->group("Run");
  app.add_flag("--force", force, "replace an existing run of this name")->group("Run");
  app.add_flag("--dry-run", dry_run, "check the data, build the model, compute one step; write nothing")->group("Run");
}

Recipe TrainFlags::resolve() const {
  Recipe recipe;
  const auto resume = values_.find("resume");
  std::string file = config_;
  if (file.empty() && resume != values_.end() && !resume->second.empty()) file = resume->second.back() + "/config.toml";
  if (file.empty() && is_there(default_config)) file = default_config;
  if (!file.empty()) TomlReader(file, recipe).read();
  read_variables(recipe);
  for (const std::string& pair : sets_) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) throw Error("U02", "--set takes KEY=VALUE, got " + quote(pair));
    const std::string name = setting_name(pair.substr(0, equals));
    set_setting(recipe, name, pair.substr(equals + 1), "--set");
    recipe.origins[name] = "--set";
  }
  if (!data_.empty()) {
    recipe.data.file = data_;
    recipe.origins["data"] = "DATA";
  }
  for (const auto& [name, values] : values_) {
    if (values.empty()) continue;
    set_setting(recipe, name, values, "command line");
    recipe.origins[name] = setting_flags(name).substr(0, setting_flags(name).find(','));
  }
  for (const auto& [name, on] : switches_) {
    if (!on) continue;
    set_setting(recipe, name, "true", "command line");
    recipe.origins[name] = setting_flags(name);
  }
  drop_stale_settings(recipe, recipe.training.optimizer, "optimizer", file);
  drop_stale_settings(recipe, recipe.training.schedule, "schedule", file);
  drop_stale_settings(recipe, recipe.model.loss, "loss", file);
  check_run(recipe);
  return recipe;
}

// Checks and sets the folder and the name of the run.
void TrainFlags::check_run(const Recipe& recipe) const {
  const auto typed = [&](const char* name) {
    const auto values = values_.find(name);
    return values != values_.end() && !values->second.empty();
  };
  const RunSettings& s = recipe.run;
  if (!s.resume.empty()) {
    for (const char* name : {"name", "out"}) {
      if (typed(name))
        throw Error("U06",
                    fmt::format("--resume continues in the run's own folder; it cannot be combined with --{}", name));
    }
  } else if (!s.name.empty() || typed("name")) {
    require_run_name(s.name, typed("name") ? "--name" : origin_of(recipe, "name"));
  }
}

Recipe read_config(const std::string& file) {
  Recipe recipe;
  TomlReader(file, recipe).read();
  return recipe;
}

}  // namespace pellucid::app
