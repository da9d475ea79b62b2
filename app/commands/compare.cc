// pellucid compare: compares runs. Not here: the comparison (src/run/run_comparison.cc), its text
// (app/text/comparison_text.cc).
#include <CLI/CLI.hpp>

#include "app/cli/arguments.h"
#include "app/commands/command.h"
#include "app/text/comparison_text.h"
#include "pellucid/error.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

class Compare : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("RUN", runs_, "folders of runs, two or more")->group("");
    app.add_flag("--json", output.json, "write one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    if (runs_.size() < 2) throw Error("U02", "compare takes two runs or more", {"pellucid compare runs/a runs/b"});
    std::vector<ComparedRun> runs;
    for (std::string& path : runs_) {
      while (path.size() > 1 && path.ends_with('/')) path.pop_back();
      runs.push_back(read_compared_run(path));
    }
    const Comparison comparison = compare_runs(std::move(runs));
    terminal.result(output.json ? json_text(comparison_json(comparison), 1) + "\n"
                                : comparison_text(comparison, terminal.width()));
    return 0;
  }

 private:
  std::vector<std::string> runs_;
};

}  // namespace

std::unique_ptr<Command> make_compare() {
  return std::make_unique<Compare>();
}

}  // namespace pellucid::app
