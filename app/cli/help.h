// Help texts, made from the table of commands and the flags they declare.
// Not here: which flags there are (the commands), error messages (arguments.h).
#pragma once

#include <string>

#include "app/commands/command.h"

namespace CLI {
class App;
}

namespace pellucid::app {

/// Examples first, then the commands.
std::string program_help();
/// Usage, examples, flags by group.
std::string command_help(const CommandInfo& info, const CLI::App& app, int width);

}  // namespace pellucid::app
