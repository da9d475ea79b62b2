// pellucid, the program: finds the command, runs it, and turns its exceptions into a message and an exit status.
// Not here: the commands (app/commands/), errors about flags (arguments.cc).
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <new>
#include <sstream>

#include "app/cli/arguments.h"
#include "app/cli/flag_text.h"
#include "app/cli/help.h"
#include "app/commands/command.h"
#include "core/text.h"
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
  try {
    return command->run(terminal);
  } catch (const Error& error) {
    throw with_own_advice(app, with_flags(error));
  }
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
                {"flags come after the command: pellucid COMMAND …; see pellucid --help"});
  }
  return run_command(arguments[0], {arguments.begin() + 1, arguments.end()});
}

// Shortens a message to at most a screen. A long line keeps its beginning and its end, because the reason may stand at
// either end.
std::string shortened(const std::string& text) {
  constexpr std::size_t most_lines = 50, head = 1000, tail = 400;
  const auto inside = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };  // a continuation byte of UTF-8
  std::istringstream lines(text);
  std::string result, line;
  for (std::size_t count = 0; std::getline(lines, line); ++count) {
    if (count == most_lines) return result + "\n  …";
    if (line.size() > head + tail) {
      std::size_t first = head, last = line.size() - tail;
      while (first > 0 && inside(line[first])) --first;
      while (last < line.size() && inside(line[last])) ++last;
      line.replace(first, last - first, "…");
    }
    result += (count > 0 ? "\n" : "") + line;
  }
  return result;
}

int report(const Error& error) {
  Terminal terminal;
  const std::string text = shortened(with_flags(error).text());
  const std::size_t end = text.find(':');
  terminal.say(terminal.paint(Style::error, text.substr(0, end)) + text.substr(end));
  return error.exit_code();
}

// If one of the descriptors 0 to 2 is closed, the next file that is opened would get its number, and messages would be
// written into that file. So each closed one is opened in the opposite mode: reading or writing then fails as before.
void fill_standard_descriptors() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(file, F_GETFD) == -1) ::open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace
}  // namespace pellucid::app

int main(int argc, char** argv) {
  pellucid::app::fill_standard_descriptors();
  std::ios::sync_with_stdio(false);  // std::cin then reads in blocks and reports read errors
  // write() reports a closed pipe or an exceeded file size limit; the signals would end the program without a message.
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
