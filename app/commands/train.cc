// pellucid train: reads the flags and the rows, then starts the run. Not here: the run (pellucid/run.h).
#include <CLI/CLI.hpp>

#include "app/cli/memory_limit.h"
#include "app/cli/model_path.h"
#include "app/cli/setting_sources.h"
#include "app/cli/training.h"
#include "app/commands/command.h"

namespace pellucid::app {
namespace {

class Train : public Command {
 public:
  void declare(CLI::App& app) override {
    flags_.declare(app);
    app.add_flag("--json", output.json, "write events as JSON lines to standard output")->group("Output");
    app.add_flag("-q,--quiet", output.quiet, "show no progress; -qq: only the run's folder")->group("Output");
    app.add_flag("-v,--verbose", output.verbose, "show every epoch")->group("Output");
    app.add_flag("--no-progress", output.no_progress, "do not redraw a progress line")->group("Output");
  }

  int run(Terminal& terminal) override {
    TrainRequest request{flags_.resolve(), "pellucid train", flags_.force, flags_.dry_run};
    require_data(request.recipe.data.file, "train");
    limit_memory(request.recipe.run.memory, request.recipe.run.out);
    TrainTable data = read_train_table(request.recipe);
    return run_training(terminal, std::move(data), std::move(request));
  }

 private:
  TrainFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_train() {
  return std::make_unique<Train>();
}

}  // namespace pellucid::app
