// pellucid tune: the flags and the output of a search. Not here: the search (pellucid/tune.h), texts
// (app/text/tune_text.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <utility>

#include "app/cli/interrupt.h"
#include "app/cli/memory_limit.h"
#include "app/cli/model_path.h"
#include "app/cli/reporter.h"
#include "app/cli/setting_sources.h"
#include "app/cli/training.h"
#include "app/commands/command.h"
#include "app/text/score_text.h"
#include "app/text/tune_text.h"
#include "core/file.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/tune.h"
#include "recipe/config_text.h"
#include "run/run_json.h"
#include "run/run_log.h"

namespace pellucid::app {
namespace {

// Prints the events of the search and writes its files.
class TuneRun : public TuneEvents {
 public:
  TuneRun(Terminal& terminal, Recipe recipe, const TuneOptions& options, bool force)
      : terminal_(terminal), reporter_(terminal), options_(options), force_(force), recipe_(std::move(recipe)) {
    name_ = std::exchange(recipe_.run.name, "");
  }

  int run() {
    data_ = read_train_table(recipe_);
    TuneResult result;
    try {
      result = tune(data_, recipe_, *this, options_);
    } catch (...) {
      if (log_ && lines_.empty()) stop_log();
      throw;
    }
    if (options_.dry_run) {
      reporter_.result({{"dry run", "nothing was trained or written"}});
    } else if (result.trainings.empty()) {
      stop_log();
      reporter_.warn("interrupted before the first training ended; nothing was kept");
    } else {
      settle(result);
    }
    return options_.dry_run ? 0 : interrupt_status();
  }

  void on_plan(const TuneResult& plan) override;
  void on_trial(const TrialResult& result, const Recipe& recipe, const Recipe& trained) override;
  void on_winner(const TuneResult& result) override;

 private:
  void settle(const TuneResult& result);
  std::string refit(const TuneResult& result);
  void stop_log();
  std::string write_config(const std::string& name, Recipe recipe);

  Terminal& terminal_;
  Reporter reporter_;
  const TuneOptions& options_;
  bool force_;
  Recipe recipe_;
  std::string name_;
  TrainTable data_;
  ScoreKind kind_ = ScoreKind::rmse;
  std::optional<RunLog> log_;
  std::string lines_;  // the lines of trials.jsonl so far
};

void TuneRun::on_plan(const TuneResult& plan) {
  kind_ = plan.kind;
  reporter_.say(
      {"data", fmt::format("{} · target {} · train {} · val {} · test {}", data_.name, join(plan.targets, ", "),
                           count_text(plan.train_rows), count_text(plan.validation_rows), count_text(plan.test_rows))});
  if (const std::string memory = memory_text(); !memory.empty())
    reporter_.say({"memory", wrapped(memory, terminal_.width(), 10)});
  std::vector<std::string> rounds;
  for (const Rung& rung : plan.rounds) {
    rounds.push_back(fmt::format("{} for {}", plural(rung.trials, "trial"), plural(rung.epochs, "epoch")));
  }
  const std::string again = options_.trials > 0 ? "" : ", repeated until the time is over";
  reporter_.say({"search", fmt::format("{}{}; seed {}", join(rounds, ", the best "), again, recipe_.training.seed)});
  reporter_.say({"default", plan.default_trial.text()});
  reporter_.say("", "");
  const std::string head = fmt::format("trial  epochs  {:>9}  settings", score_head(kind_));
  reporter_.say(head, head);
  if (options_.dry_run) return;
  log_ = RunLog::create(recipe_.run.out, data_stem(data_.name) + "-tune", name_, force_);
  reporter_.attach(log_->folder());
}

// Writes a recipe into the folder of the search; returns the command that trains with it.
std::string TuneRun::write_config(const std::string& name, Recipe recipe) {
  const std::string command = "pellucid train --config " + shell_word(log_->path(name));
  log_->write(name, config_text(recipe, command));
  return command;
}

// Writes all results so far to disk before the result is printed, so that an interruption loses nothing.
void TuneRun::on_trial(const TrialResult& result, const Recipe& recipe, const Recipe& trained) {
  make_folders(log_->path("trials"));
  std::string command = write_config(fmt::format("trials/{:03}.toml", result.trial.number), recipe);
  for (const char* name : {"epochs", "patience"}) {
    const std::string text = setting_text(trained, name);
    if (text != setting_text(recipe, name)) command += fmt::format(" --{} {}", name, text);
  }
  const Json json = trial_json(result, recipe_.training.seed, kind_, command);
  lines_ += json_text(json) + "\n";
  log_->write("trials.jsonl", lines_);
  const std::string line = fmt::format("{:>5}  {:>6}  {:>9}  {}", result.trial.number, result.epochs,
                                       score_text(kind_, result.score.score, "diverged"), result.trial.text());
  reporter_.say(line, line);
  if (terminal_.flags().json) terminal_.result(json_text(event_json("trial", json)) + "\n");
}

void TuneRun::on_winner(const TuneResult& result) {
  write_config("config.toml", result.recipe);
}

// Trains the winner once more, as `train` would, as a run in the folder of the search. Returns its model file.
std::string TuneRun::refit(const TuneResult& result) {
  OutputFlags quiet;
  quiet.quiet = 2;
  quiet.no_progress = true;
  Terminal hush(quiet);
  Recipe recipe = result.recipe;
  recipe.run.out = log_->folder();
  recipe.run.name = "winner";
  run_training(hush, std::move(data_), {std::move(recipe), "pellucid train", true, false, true});
  return log_->path("winner/model.safetensors");
}

void TuneRun::settle(const TuneResult& result) {
  const std::string model = interrupt_status() == 0 ? refit(result) : "";
  const TuneOutcome outcome{result, log_->folder(), model};
  log_->write("tune.json", json_text(end_json(outcome), 1) + "\n");
  if (interrupt_status() != 0) {
    reporter_.warn(fmt::format("interrupted after {}; the best so far: {}",
                               plural(static_cast<std::int64_t>(result.trainings.size()), "training"),
                               log_->path("config.toml")));
  }
  if (terminal_.flags().json) {
    terminal_.result(json_text(event_json("end", end_json(outcome))) + "\n");
    return;
  }
  reporter_.say("", "");
  if (terminal_.flags().quiet < 2) reporter_.result(end_lines(outcome));
  reporter_.path(outcome.run);
}

void TuneRun::stop_log() {
  reporter_.detach();
  log_->abandon();
}

class Tune : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("--trials", options_.trials, "number of settings to try (default 27)")
        ->type_name("N")
        ->group("Search");
    app.add_option("--seconds", options_.seconds, "search for about this many seconds instead")
        ->type_name("S")
        ->group("Search");
    flags_.declare(app);
    app.add_flag("--json", output.json, "write events as JSON lines to standard output")->group("Output");
    app.add_flag("-q,--quiet", output.quiet, "do not show the trials; -qq: only the run's folder")->group("Output");
  }

  int run(Terminal& terminal) override {
    if (options_.trials < 0 || options_.seconds < 0) throw Error("U12", "--trials and --seconds are above 0");
    if (options_.trials == 0 && options_.seconds == 0) options_.trials = TuneOptions().trials;
    catch_interrupts();
    Recipe recipe = flags_.resolve();
    require_data(recipe.data.file, "tune");
    limit_memory(recipe.run.memory, recipe.run.out);
    options_.dry_run = flags_.dry_run;
    options_.cancel = &interrupted();
    return TuneRun(terminal, std::move(recipe), options_, flags_.force).run();
  }

 private:
  TrainFlags flags_;
  TuneOptions options_{.trials = 0};
};

}  // namespace

std::unique_ptr<Command> make_tune() {
  return std::make_unique<Tune>();
}

}  // namespace pellucid::app
