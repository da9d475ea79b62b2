// Help texts, made from the table of commands and the flags they declare.
// Not here: which flags there are (the commands), error messages (arguments.h).
#pragma once

#include <string>

#include "app/commands/command.h"

namespace CLI {
class App;
}

namespace pellucid::app {

/// The text of `pellucid --help`: examples, then all commands.
std::string program_help();
/// The text of `pellucid help COMMAND`: usage, examples, flags by group.
std::string command_help(const CommandInfo& info, const CLI::App& app, int width);

}  // namespace pellucid::app
