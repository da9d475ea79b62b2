// pellucid, the program: finds the command, lets it run, turns what it throws into a message and an exit status.
// Not here: the commands (cmd_*.cc), their flags' errors (arguments.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <new>

#include "arguments.h"
#include "command.h"
#include "core/text.h"
#include "help.h"
#include "pellucid/error.h"
#include "pellucid/version.h"

namespace pellucid::app {
namespace {

std::string version_text() {
#ifdef NDEBUG
  const char* build = "release";
#else
  const char* build = "debug";
#endif
  return fmt::format("pellucid {} ({}, {} build)\n", version(), cpu_target(), build);
}

int run_command(const std::string& name, const std::vector<std::string>& arguments) {
  const CommandInfo& info = find_command(name);
  const std::unique_ptr<Command> command = info.make();
  CLI::App app(info.summary);
  declare_all(app, *command);
  if (parse_arguments(app, info, arguments)) {
    Terminal terminal;
    terminal.result(command_help(info, app, std::min(terminal.width(), 100)));
    return 0;
  }
  const std::string& color = command->output.color;
  if (color != "auto" && color != "always" && color != "never") {
    throw Error("U02", "color takes auto, always or never, got " + quote(color));
  }
  Terminal terminal(command->output);
  return command->run(terminal);
}

int run_program(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
    Terminal().result(program_help());
    return 0;
  }
  if (arguments[0] == "--version" || arguments[0] == "-V") {
    Terminal().result(version_text());
    return 0;
  }
  if (arguments[0].size() > 1 && arguments[0][0] == '-') {
    throw Error("U01", "no flag " + arguments[0],
                {"flags come after a command: pellucid COMMAND …; see pellucid --help"});
  }
  return run_command(arguments[0], {arguments.begin() + 1, arguments.end()});
}

int report(const Error& error) {
  Terminal terminal;
  std::string text = error.text();
  const std::size_t end = text.find(':');
  terminal.say(terminal.paint(Style::error, text.substr(0, end)) + text.substr(end));
  return error.exit_code();
}

}  // namespace
}  // namespace pellucid::app

int main(int argc, char** argv) {
  // A closed pipe and a file size limit are told by write(); the signals would kill us before we can say so.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  using pellucid::Error;
  try {
    return pellucid::app::run_program({argv + 1, argv + argc});
  } catch (const Error& error) {
    return pellucid::app::report(error);
  } catch (const std::bad_alloc&) {
    return pellucid::app::report(Error("M02", "not enough memory"));
  } catch (const std::exception& mistake) {
    return pellucid::app::report(Error("P01", mistake.what(), {"please report it with the command you gave"}));
  }
}
