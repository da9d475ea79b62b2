// Reads a command's flags with CLI11 and turns CLI11's complaints into Error.
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

/// Declares the command's own flags and the flags that all commands share.
void declare_all(CLI::App& app, Command& command);

/// Parses the arguments. Returns true if --help was given. Throws U01 for a flag or argument that the command does not
/// have (with the most similar flag), U02 for a flag without a value.
bool parse_arguments(CLI::App& app, const CommandInfo& info, const std::vector<std::string>& arguments);

/// The error without suggestions that name a flag which the command does not have. Both whole suggestions and single
/// alternatives between "|" are removed.
Error with_own_advice(const CLI::App& app, const Error& error);

/// Throws U02 if a positional argument is missing.
void require_argument(const std::string& value, const char* command, const char* argument);

}  // namespace pellucid::app
