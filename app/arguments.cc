// CLI11 finds the flags; what it cannot place is ours to explain.
// Not here: values of settings (train_flags.cc).
#include "arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

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
  if (details.empty()) details.push_back(fmt::format("all flags: pellucid help {}", info.name));
  return Error("U01", "no flag " + given, details);
}

// An option that swallowed the next flag as its value, or came last.
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

}  // namespace

void declare_all(CLI::App& app, Command& command) {
  app.set_help_flag();
  command.declare(app);
  OutputFlags& output = command.output;
  app.add_option("--color", output.color, "colours: auto, always or never")
      ->type_name("auto|always|never")
      ->group("Output");
  app.add_flag("-h,--help", command.output.help, "this text")->group("Output");
}

bool parse_arguments(CLI::App& app, const CommandInfo& info, const std::vector<std::string>& arguments) {
  app.allow_extras();
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ArgumentMismatch& mismatch) {
    const std::string text = mismatch.what();
    const std::string name = text.substr(0, text.find_first_of(": "));
    throw Error("U02", fmt::format("flag {} needs a value", name));
  } catch (const CLI::ParseError& error) {
    throw Error("U02", error.what());
  }
  if (app.get_option("--help")->count() > 0) return true;
  check_values(app);
  const std::vector<std::string> extras = app.remaining();
  for (const std::string& extra : extras) {
    if (extra.size() > 1 && extra[0] == '-') throw unknown_flag(app, info, extra);
  }
  if (!extras.empty()) {
    throw Error("U01",
                fmt::format("{} takes {}; one argument too many: {}", info.name, info.arguments, extras.front()));
  }
  return false;
}

void require_argument(const std::string& value, const char* command, const char* argument) {
  if (!value.empty()) return;
  throw Error("U02", fmt::format("{} needs {}", command, argument), {fmt::format("see: pellucid help {}", command)});
}

}  // namespace pellucid::app
