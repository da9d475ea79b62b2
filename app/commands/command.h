// Command: the base class of the program's commands, and the table of all commands.
// Not here: the commands (one file each in this folder), reading flags (arguments.h).
#pragma once

#include <memory>
#include <span>
#include <string>

#include "app/cli/terminal.h"

namespace CLI {
class App;
}

namespace pellucid::app {

class Command {
 public:
  virtual ~Command() = default;
  /// Adds the command's flags and its positional arguments.
  virtual void declare(CLI::App& app) = 0;
  /// Returns the exit status; throws Error.
  virtual int run(Terminal& terminal) = 0;

  OutputFlags output;  ///< filled by the flags that all commands share
};

struct CommandInfo {
  const char* name;
  const char* arguments;  ///< "MODEL DATA"
  const char* summary;    ///< one line
  const char* examples;   ///< one per line
  std::unique_ptr<Command> (*make)();
};

/// All commands, in the order in which help shows them.
std::span<const CommandInfo> command_table();
/// The command with this name. Throws U03 with the most similar name, U04 for a planned command.
const CommandInfo& find_command(const std::string& name);

std::unique_ptr<Command> make_train();
std::unique_ptr<Command> make_demo();
std::unique_ptr<Command> make_evaluate();
std::unique_ptr<Command> make_predict();
std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_report();
std::unique_ptr<Command> make_serve();
std::unique_ptr<Command> make_export();
std::unique_ptr<Command> make_import();
std::unique_ptr<Command> make_compare();
std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_init();
std::unique_ptr<Command> make_tune();
std::unique_ptr<Command> make_gradcheck();
std::unique_ptr<Command> make_trace();
std::unique_ptr<Command> make_explain();
std::unique_ptr<Command> make_fetch();
std::unique_ptr<Command> make_tutorial();
std::unique_ptr<Command> make_completions();
std::unique_ptr<Command> make_help();

}  // namespace pellucid::app
