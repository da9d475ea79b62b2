// pellucid demo: trains on a built-in data set. Not here: training (pellucid/run.h).
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/setting_sources.h"
#include "app/cli/training.h"
#include "app/commands/command.h"
#include "core/file.h"
#include "core/shell.h"
#include "core/text.h"
#include "data/samples.h"
#include "pellucid/error.h"
#include "recipe/data.h"

namespace pellucid::app {
namespace {

const Sample& find_sample(const std::string& name) {
  std::vector<std::string> names;
  for (const Sample& sample : samples()) {
    if (sample.name == name) return sample;
    names.emplace_back(sample.name);
  }
  const std::string near = closest(name, names);
  throw Error("U02", "no demo " + quote(name),
              {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
}

class Demo : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("NAME", name_, "digits, iris, spiral or xor")->group("");
    app.add_flag("--write", write_, "write the data as CSV and do not train")->group("Output");
    flags_.declare(app, false);
    app.add_flag("--json", output.json, "write events as JSON lines to standard output")->group("Output");
    app.add_flag("-q,--quiet", output.quiet, "show no progress; -qq: only the run's folder")->group("Output");
    app.add_flag("-v,--verbose", output.verbose, "show every epoch")->group("Output");
    app.add_flag("--no-progress", output.no_progress, "do not redraw a progress line")->group("Output");
  }

  int run(Terminal& terminal) override {
    const Sample& sample = find_sample(name_);
    const std::string file = std::string(sample.name) + ".csv";
    if (write_) return write(terminal, sample, file);
    TrainRequest request{flags_.resolve(), "pellucid demo " + name_, flags_.force, flags_.dry_run};
    Recipe& settings = request.recipe;
    if (settings.data.target.empty()) settings.data.target = {std::string(sample.target)};
    if (settings.model.preset == Preset::automatic) {  // small nets that train in about a second
      settings.model.preset = Preset::plain;
      request.recipe.origins["preset"] = "demo";
    }
    TrainTable data = sample_table(file, sample.csv, settings);
    return run_training(terminal, std::move(data), std::move(request));
  }

 private:
  int write(Terminal& terminal, const Sample& sample, const std::string& file) const {
    if (is_there(file) && !flags_.force) {
      throw Error("U30", file + " exists already", {"--force replaces it"});
    }
    write_file(file, sample.csv);
    terminal.result(fmt::format("{:<10}{}: {}\n{:<10}pellucid train {} --target {}\n", "wrote", file, sample.about,
                                "next", shell_word(file), shell_word(sample.target)));
    return 0;
  }

  std::string name_ = "digits";
  bool write_ = false;
  TrainFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_demo() {
  return std::make_unique<Demo>();
}

}  // namespace pellucid::app
