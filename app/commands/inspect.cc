// pellucid inspect: shows a model, a run or a data file. Not here: the texts (profiles.cc, run_profile.cc).
#include <CLI/CLI.hpp>

#include "app/cli/arguments.h"
#include "app/cli/data_flags.h"
#include "app/cli/memory_limit.h"
#include "app/cli/model_path.h"
#include "app/commands/command.h"
#include "app/text/profiles.h"
#include "app/text/run_profile.h"
#include "core/file.h"
#include "core/visible.h"
#include "pellucid/error.h"
#include "run/run_files.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

class Inspect : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("PATH", path_, "a model file, a run's folder or data")->group("");
    flags_.declare(app);
    flags_.declare_unlearned(app);
    app.add_flag("--weights", weights_, "show statistics of each parameter")->group("Output");
    app.add_flag("--json", output.json, "write one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_argument(path_, "inspect", "MODEL, RUN or DATA");
    while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
    if (const auto unfinished = read_unfinished(path_)) return show_unfinished(terminal, *unfinished);
    const bool is_run = is_there(path_ + "/report.json");
    if (is_run || model_path(path_) != path_ || path_.ends_with(".safetensors")) {
      Json run;
      if (is_run) run = read_report(path_);
      const Model model = Model::load(model_path(path_));
      if (output.json) {
        Json json = model_json(model, weights_);
        if (is_run) json["run"] = run;
        terminal.result(json_text(json, 1) + "\n");
        return 0;
      }
      if (is_run) terminal.result(reading_report(path_, [&] { return run_text(run, terminal.width()); }));
      terminal.result(model_text(model));
      if (weights_) terminal.result(weights_text(model));
      return 0;
    }
    const ReadOptions options = flags_.options();
    const Table table = read_table(path_, options);
    say_memory(terminal);
    terminal.result(output.json ? json_text(table_json(table, options.kinds), 1) + "\n"
                                : table_text(table, options.kinds));
    return 0;
  }

 private:
  int show_unfinished(Terminal& terminal, const Json& run) const {
    if (output.json) {
      terminal.result(json_text(run, 1) + "\n");
    } else {
      terminal.result(reading_report(path_, [&] { return run_text(run, terminal.width()); }) +
                      labelled("continue", text_in(run, "again")));
    }
    return 0;
  }

  std::string path_;
  bool weights_ = false;
  DataFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_inspect() {
  return std::make_unique<Inspect>();
}

}  // namespace pellucid::app
