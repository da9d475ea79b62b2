// pellucid init: writes a pellucid.toml for a table. Not here: its text (config_template.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <numeric>

#include "app/cli/memory_limit.h"
#include "app/cli/model_path.h"
#include "app/cli/setting_flags.h"
#include "app/cli/setting_sources.h"
#include "app/commands/command.h"
#include "app/text/config_template.h"
#include "app/text/findings_text.h"
#include "core/file.h"
#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "recipe/data.h"
#include "recipe/presets.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

class Init : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("DATA", data_, "the rows to learn from")->group("");
    flags_.declare(app, {"target", "task", "kind", "drop", "delimiter", "header", "skip_rows", "quote", "encoding",
                         "image_size", "image_color", "memory"});
    app.add_flag("--force", force_, fmt::format("replace an existing {}", default_config))->group("Output");
    app.add_flag("--json", output.json, "describe what was written as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_data(data_, "init");
    if (data_ == "-") throw Error("U02", "init needs a file, because pellucid train reads it again");
    if (is_there(default_config) && !force_) {
      throw Error("U30", fmt::format("{} exists already", default_config), {"--force replaces it"});
    }
    Recipe settings = flags_.settings();
    settings.data.file = data_;
    limit_memory(settings.run.memory, ".");
    const Table table = read_table(data_, read_options(settings));
    const PreprocessOptions options = preprocess_options(settings, table);
    say_memory(terminal);
    LargeVector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    const Preprocessor found = Preprocessor::fit(table, rows, options);
    settings.data.target = found.target_names();
    const std::string task = found.is_classification() ? "classification" : "regression";
    const auto findings = check_table(table, find_targets(table, settings.data.target), options);
    const Recipe resolved = with_preset(with_chosen_preset(settings, table), found.is_classification(), table.rows);
    const std::string reason =
        fmt::format("{}: {}; preset auto: {}", task, found.task_reason, setting_text(resolved, "preset"));
    write_file(default_config, config_template(table, settings, resolved, reason, findings));
    terminal.result(output.json ? json_of(settings.data.target, task)
                                : text_of(join(settings.data.target, ", "), task));
    return 0;
  }

 private:
  static std::string json_of(const std::vector<std::string>& targets, const std::string& task) {
    Json json = {{"v", 1}, {"config", default_config}, {"target", join(targets, ", ")}, {"task", task}};
    if (targets.size() > 1) json["targets"] = targets;
    return json_text(json) + "\n";
  }

  static std::string text_of(const std::string& target, const std::string& task) {
    return fmt::format("{:<10}{}: target {} ({})\n{:<10}pellucid train\n", "wrote", default_config, target, task,
                       "next");
  }

  SettingFlags flags_;
  std::string data_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_init() {
  return std::make_unique<Init>();
}

}  // namespace pellucid::app
