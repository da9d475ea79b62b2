// Parsing with CLI11, and clear errors for arguments that CLI11 cannot assign to a flag.
// Not here: values of settings (setting_flags.cc).
#include "app/cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "core/number_hint.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

std::vector<const CLI::Option*> all_options(const CLI::App& app) {
  return app.get_options([](const CLI::Option*) { return true; });
}

Error unknown_flag(const CLI::App& app, const CommandInfo& info, const std::string& argument) {
  const std::string given = argument.substr(0, argument.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : all_options(app)) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::string near = closest(given, names);
  std::vector<std::string> details;
  for (const CLI::Option* option : all_options(app)) {
    const auto& aliases = option->get_lnames();
    if (near.empty() || std::find(aliases.begin(), aliases.end(), near.substr(2)) == aliases.end()) continue;
    const std::string first = "--" + aliases.front();
    details.push_back(near == first ? fmt::format("did you mean {}?", near)
                                    : fmt::format("did you mean {} (same as {})?", near, first));
  }
  if (details.empty()) details.push_back(fmt::format("pellucid help {} lists all flags", info.name));
  return Error("U01", "no flag " + given, details);
}

// Refuses an option whose value is the next flag.
void check_values(const CLI::App& app) {
  for (const CLI::Option* option : all_options(app)) {
    if (option->get_expected_min() == 0 || option->get_positional()) continue;
    for (const std::string& value : option->results()) {
      if (value.size() > 2 && value.compare(0, 2, "--") == 0) {
        throw Error("U02", fmt::format("flag --{} needs a value, got {}", option->get_lnames().front(), value));
      }
    }
  }
}

// The flag in front of an argument that CLI11 assigned to no flag: "--hidden" for the 32 in "--hidden 64 32"; nullptr
// if there is none.
const CLI::Option* flag_before(const CLI::App& app, const std::vector<std::string>& arguments, std::size_t at) {
  while (at > 0 && !arguments[at - 1].starts_with("--")) --at;
  if (at == 0) return nullptr;
  const std::string name = arguments[at - 1].substr(2);
  for (const CLI::Option* option : all_options(app)) {
    const auto& names = option->get_lnames();
    if (std::find(names.begin(), names.end(), name) != names.end()) return option;
  }
  return nullptr;
}

// Suggestions for an extra argument: the values of a list need commas, a name with blanks needs quotes.
std::vector<std::string> ways_to_join(const CLI::App& app, const std::vector<std::string>& arguments,
                                      const std::string& extra) {
  const auto place = std::find(arguments.rbegin(), arguments.rend(), extra);
  std::size_t first = static_cast<std::size_t>(arguments.rend() - place) - 1;
  const CLI::Option* flag = flag_before(app, arguments, first);
  const bool column = !std::filesystem::path(extra).has_extension();
  if (flag == nullptr && column && app.get_option_no_throw("--target") != nullptr)
    return {"the column to predict is named by a flag: --target " + shell_word(extra)};
  if (flag == nullptr || flag->get_expected_max() == 0) return {};
  const std::string type = flag->get_type_name();
  const bool list = type.ends_with("…"), name = type.starts_with("COL");
  while (!arguments[first - 1].starts_with("--")) --first;
  std::vector<std::string> words;
  std::error_code ignored;
  for (std::size_t i = first; i < arguments.size() && !arguments[i].starts_with("-"); ++i) {
    if (i == first || !std::filesystem::exists(arguments[i], ignored)) words.push_back(arguments[i]);
  }
  if (words.size() < 2) return {};
  std::vector<std::string> ways;
  const std::string& given = arguments[first - 1];
  if (list)
    ways.push_back(fmt::format("several values are separated by commas: {} {}", given, shell_word(join(words, ","))));
  if (name) ways.push_back(fmt::format("a name with blanks needs quotes: {} {}", given, shell_word(join(words, " "))));
  return ways;
}

// CLI11's complaint about a value in our words, with a suggestion: "flag --epochs takes a number, got …".
Error unread_value(const CLI::App& app, const std::string& problem) {
  for (const CLI::Option* option : all_options(app)) {
    if (option->get_lnames().empty()) continue;
    for (const std::string& value : option->results()) {
      if (problem.find("--" + option->get_lnames().front()) == std::string::npos) continue;
      const std::string type = option->get_type_name();
      return Error("U02", fmt::format("flag --{} takes a number, got {}{}", option->get_lnames().front(), quote(value),
                                      number_hint(value, type == "N")));
    }
  }
  return Error("U02", problem);
}

// Whether the command has every flag that the text suggests. A text with a whole command line is always accepted.
bool can_follow(const CLI::App& app, const std::string& text) {
  if (text.find("pellucid ") != std::string::npos) return true;
  for (std::size_t at = text.find("--"); at != std::string::npos; at = text.find("--", at + 2)) {
    const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at + 2);
    const std::string flag = text.substr(at + 2, end == std::string::npos ? end : end - at - 2);
    const auto is_flag = [&](const CLI::Option* option) { return option->check_lname(flag); };
    const auto options = all_options(app);
    const bool starts_word = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
    if (starts_word && !flag.empty() && std::none_of(options.begin(), options.end(), is_flag)) return false;
  }
  return true;
}

}  // namespace

Error with_own_advice(const CLI::App& app, const Error& error) {
  std::vector<std::string> details;
  for (const std::string& detail : error.details()) {
    const std::size_t opening = detail.starts_with("choose: ") ? 8 : 0;
    std::vector<std::string> ways;
    for (std::string_view rest = std::string_view(detail).substr(opening);;) {
      const std::size_t end = rest.find(" | ");
      if (const std::string way(rest.substr(0, end)); can_follow(app, way)) ways.push_back(way);
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 3);
    }
    if (!ways.empty()) details.push_back(detail.substr(0, opening) + join(ways, " | "));
  }
  return Error(error.code(), error.what(), details);
}

void declare_all(CLI::App& app, Command& command) {
  app.set_help_flag();
  command.declare(app);
  OutputFlags& output = command.output;
  app.add_option("--color", output.color, "colours: auto, always or never")
      ->type_name("auto|always|never")
      ->group("Output");
  app.add_flag("-h,--help", command.output.help, "show this text")->group("Output");
}

bool parse_arguments(CLI::App& app, const CommandInfo& info, const std::vector<std::string>& arguments) {
  app.allow_extras();
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ArgumentMismatch& mismatch) {
    const std::string text = mismatch.what();
    const std::string name = text.substr(0, text.find_first_of(": "));
    throw Error("U02", fmt::format("flag {} needs a value", name));
  } catch (const CLI::ConversionError& error) {
    throw unread_value(app, error.what());
  } catch (const CLI::ParseError& error) {
    throw Error("U02", error.what());
  }
  if (app.get_option("--help")->count() > 0) return true;
  check_values(app);
  const std::vector<std::string> extras = app.remaining();
  for (const std::string& extra : extras) {
    // An en dash or em dash, into which text processors turn two hyphens.
    const bool dash = extra.starts_with("\xE2\x80\x93") || extra.starts_with("\xE2\x80\x94");
    if (dash) throw Error("U01", "no flag " + extra, {"flags begin with two hyphens: --" + extra.substr(3)});
    if (extra.size() > 1 && extra[0] == '-') throw unknown_flag(app, info, extra);
  }
  if (!extras.empty()) {
    throw Error("U01",
                fmt::format("{} takes {}; this argument is too many: {}", info.name, info.arguments, extras.front()),
                ways_to_join(app, arguments, extras.front()));
  }
  return false;
}

void require_argument(const std::string& value, const char* command, const char* argument) {
  if (!value.empty()) return;
  throw Error("U02", fmt::format("{} needs {}", command, argument), {fmt::format("see: pellucid help {}", command)});
}

}  // namespace pellucid::app
