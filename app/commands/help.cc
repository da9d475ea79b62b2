// pellucid help [COMMAND]. Not here: the texts (help.cc).
#include <CLI/CLI.hpp>

#include "app/cli/arguments.h"
#include "app/cli/help.h"
#include "app/commands/command.h"

namespace pellucid::app {
namespace {

class Help : public Command {
 public:
  void declare(CLI::App& app) override { app.add_option("COMMAND", name_, "whose flags are shown")->group(""); }

  int run(Terminal& terminal) override {
    if (name_.empty()) {
      terminal.result(program_help());
      return 0;
    }
    const CommandInfo& info = find_command(name_);
    const std::unique_ptr<Command> command = info.make();
    CLI::App app;
    declare_all(app, *command);
    terminal.result(command_help(info, app, std::min(terminal.width(), 100)));
    return 0;
  }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_help() {
  return std::make_unique<Help>();
}

}  // namespace pellucid::app
