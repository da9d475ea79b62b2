// Reading a command's flags with CLI11, its complaints turned into our errors.
// Not here: which flags there are (the commands, setting_flags.h), help texts (help.h).
#pragma once

#include <string>
#include <vector>

#include "app/commands/command.h"
#include "pellucid/error.h"

namespace CLI {
class App;
}

namespace pellucid::app {

/// Declares the command's own flags and the ones all commands share.
void declare_all(CLI::App& app, Command& command);

/// Throws U01 for a flag or argument the command has not (with the nearest), U02 for a flag without its value.
/// Returns true where --help was asked for.
bool parse_arguments(CLI::App& app, const CommandInfo& info, const std::vector<std::string>& arguments);

/// The error without advice that the command cannot follow: ways out, and alternatives between "|", that name a flag
/// the command has not.
Error with_own_advice(const CLI::App& app, const Error& error);

/// Throws U02 where a positional argument was left out.
void require_argument(const std::string& value, const char* command, const char* argument);

}  // namespace pellucid::app
