// pellucid tune: its flags, and the course of a search. Not here: trials (tune_space.cc), training them
// (tune_search.cc), words (tune_text.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>

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
#include "recipe/build.h"
#include "recipe/config_text.h"
#include "recipe/data.h"
#include "recipe/presets.h"
#include "recipe/probabilities.h"
#include "recipe/resolve.h"
#include "recipe/tune_search.h"
#include "run/run_json.h"
#include "run/run_log.h"

namespace pellucid::app {
namespace {

constexpr std::int64_t usual_trials = 27;
constexpr std::int64_t trials_of_a_round = 9;  // where the clock says how many

struct Budget {
  std::int64_t trials = 0;  // 0: as many as the seconds allow
  double seconds = 0;       // 0: as long as it takes
};

class TuneRun {
 public:
  TuneRun(Terminal& terminal, Recipe recipe, Budget budget, bool force)
      : terminal_(terminal),
        reporter_(terminal),
        data_(read_train_table(recipe)),
        budget_(budget),
        force_(force),
        space_(prepared(std::move(recipe))) {
    space_.cancel = &interrupted();
  }

  int run(bool dry) {
    plan();
    if (dry) {
      reporter_.result({{"dry run", "nothing was trained or written"}});
      return 0;
    }
    log_ = RunLog::create(out_, data_stem(data_.name) + "-tune", name_, force_);
    reporter_.attach(log_->folder());
    try {
      search();
    } catch (...) {
      if (lines_.empty()) stop_log();
      throw;
    }
    if (outcome_.trainings == 0) {
      stop_log();
      reporter_.warn("interrupted before the first training ended; nothing is kept");
    } else {
      settle();
    }
    return interrupt_status();
  }

 private:
  Recipe prepared(Recipe recipe);
  void plan();
  void search();
  void found(const TrialResult& result);
  void settle();
  void refit();
  void stop_log();
  std::string trial_file(const Trial& trial) const { return fmt::format("trials/{:03}.toml", trial.number); }
  bool is_late() const;

  Terminal& terminal_;
  Reporter reporter_;
  TrainTable data_;
  Budget budget_;
  bool force_;
  std::string out_, name_;
  Split split_;
  TuneSpace space_;
  std::optional<RunLog> log_;
  std::string lines_;  // of trials.jsonl
  TuneOutcome outcome_;
  std::atomic<double> slowest_{0};  // seconds of a training with all epochs, reckoned from the shorter ones too
  Clock::time_point begin_ = Clock::now();
};

Recipe TuneRun::prepared(Recipe recipe) {
  Recipe& s = recipe;
  const auto refuse = [](bool given, const char* flag) {
    if (given) throw Error("U06", fmt::format("tune trains anew each time; it does not go with {}", flag));
  };
  refuse(!s.run.resume.empty(), "--resume");
  refuse(!s.run.init_from.empty(), "--init-from");
  refuse(s.training.repeat > 1, "--repeat");
  refuse(s.training.folds > 0, "--folds");
  choose_preset(recipe, data_.table);
  split_ = make_split(data_, s, static_cast<std::uint64_t>(s.training.seed));
  if (split_.validation.empty()) throw Error("U06", "tune chooses by validation rows; there are none (--val-split)");
  check_probabilities(s, split_);
  resolve_autos(recipe, split_);
  out_ = s.run.out;
  name_ = std::exchange(s.run.name, "");
  return recipe;
}

void TuneRun::plan() {
  const Preprocessor& learned = split_.preprocessor;
  outcome_.kind = score_kind(learned.is_classification(), learned.targets.size());
  outcome_.tested = !split_.test.empty();
  outcome_.seed = static_cast<std::uint64_t>(space_.base().training.seed);
  reporter_.say({"data", fmt::format("{} · learns {} · train {} · val {} · test {}", data_.name,
                                     join(learned.target_names(), ", "), count_text(split_.train.rows()),
                                     count_text(split_.validation.rows()), count_text(split_.test.rows()))});
  if (const std::string memory = memory_text(); !memory.empty())
    reporter_.say({"memory", wrapped(memory, terminal_.width(), 10)});
  std::vector<std::string> rounds;
  for (const Rung& rung : halving_rungs(budget_.trials > 0 ? budget_.trials : trials_of_a_round, space_.epochs())) {
    rounds.push_back(fmt::format("{} for {}", plural(rung.trials, "trial"), plural(rung.epochs, "epoch")));
  }
  const std::string again = budget_.trials > 0 ? "" : ", and again until the time is up";
  reporter_.say(
      {"search", fmt::format("{}{}; seed {}", join(rounds, ", the best "), again, space_.base().training.seed)});
  reporter_.say({"default", space_.standard().text()});
  reporter_.say("", "");
  const std::string head = fmt::format("trial  epochs  {:>9}  settings", score_head(outcome_.kind));
  reporter_.say(head, head);
}

// Whether the time that is left is needed for what comes at the end: the winner once more, it and the default with
// other seeds. Who wins is not known, so the slowest so far is reckoned with.
bool TuneRun::is_late() const {
  if (budget_.seconds <= 0) return false;
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin_).count();
  const double all = static_cast<double>(2 * gain_seeds) / static_cast<double>(usable_threads(space_.base()));
  return elapsed > std::max(budget_.seconds / 3, budget_.seconds - slowest_ * (all + 2));
}

void TuneRun::search() {
  TuneSearch search(space_, split_, [this](const TrialResult& result) { found(result); });
  search.run_standard();
  const auto late = [this] { return is_late(); };
  if (budget_.trials > 0) {
    search.run_halving(1, budget_.trials, late);
  } else {
    for (std::int64_t first = 1; search.run_halving(first, trials_of_a_round, late); first += trials_of_a_round) {
    }
  }
  outcome_.trainings = static_cast<std::int64_t>(search.results().size());
  if (outcome_.trainings == 0) return;
  outcome_.standard = search.results().front();
  outcome_.winner = search.winner();
}

// Everything found so far is on the disk before the next one is told.
void TuneRun::found(const TrialResult& result) {
  const double whole = result.seconds * static_cast<double>(space_.epochs()) / static_cast<double>(result.epochs);
  slowest_ = std::max(slowest_.load(), whole);
  make_folders(log_->path("trials"));
  const std::string file = log_->path(trial_file(result.trial));
  Recipe recipe = space_.settings(result.trial, space_.epochs());
  log_->write(trial_file(result.trial), config_text(recipe, "pellucid train --config " + shell_word(file)));
  std::string command = "pellucid train --config " + shell_word(file);
  if (result.epochs != space_.epochs()) {
    const std::string patience = setting_text(space_.settings(result.trial, result.epochs), "patience");
    command += fmt::format(" --epochs {}", result.epochs);
    if (patience != setting_text(recipe, "patience")) command += " --patience " + patience;
  }
  const Json json = trial_json(result, space_.base().training.seed, outcome_.kind, command);
  lines_ += json_text(json) + "\n";
  log_->write("trials.jsonl", lines_);
  const std::string line = fmt::format("{:>5}  {:>6}  {:>9}  {}", result.trial.number, result.epochs,
                                       score_text(outcome_.kind, result.score.score, "diverged"), result.trial.text());
  reporter_.say(line, line);
  if (terminal_.flags().json) terminal_.result(json_text(event_json("trial", json)) + "\n");
}

// The winner is trained once more as `train` would, into a run of its own.
void TuneRun::refit() {
  OutputFlags quiet;
  quiet.quiet = 2;
  quiet.no_progress = true;
  Terminal hush(quiet);
  Recipe recipe = space_.settings(outcome_.winner.trial, space_.epochs());
  recipe.run.out = log_->folder();
  recipe.run.name = "winner";
  run_training(hush, std::move(data_), {std::move(recipe), "pellucid train", true, false, true});
  outcome_.model = log_->path("winner/model.safetensors");
}

void TuneRun::settle() {
  outcome_.run = log_->folder();
  const std::string file = log_->path("config.toml");
  Recipe recipe = space_.settings(outcome_.winner.trial, space_.epochs());
  log_->write("config.toml", config_text(recipe, "pellucid train --config " + shell_word(file)));
  if (interrupt_status() == 0) refit();
  if (interrupt_status() == 0 && outcome_.tested && outcome_.winner.trial.number > 0) {
    outcome_.gain = measure_gain(space_, outcome_.winner.trial, split_);
  }
  outcome_.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  log_->write("tune.json", json_text(end_json(outcome_), 1) + "\n");
  if (interrupt_status() != 0) {
    reporter_.warn(
        fmt::format("interrupted after {}; the best so far: {}", plural(outcome_.trainings, "training"), file));
  }
  if (terminal_.flags().json) {
    terminal_.result(json_text(event_json("end", end_json(outcome_))) + "\n");
    return;
  }
  reporter_.say("", "");
  if (terminal_.flags().quiet < 2) reporter_.result(end_lines(outcome_));
  reporter_.path(outcome_.run);
}

void TuneRun::stop_log() {
  reporter_.detach();
  log_->abandon();
}

class Tune : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("--trials", budget_.trials, "draw so many trials (default 27)")->type_name("N")->group("Search");
    app.add_option("--seconds", budget_.seconds, "look for about so long instead")->type_name("S")->group("Search");
    flags_.declare(app);
    app.add_flag("--json", output.json, "events as JSON lines on standard output")->group("Output");
    app.add_flag("-q,--quiet", output.quiet, "no trials; -qq: only the run's folder")->group("Output");
  }

  int run(Terminal& terminal) override {
    if (budget_.trials < 0 || budget_.seconds < 0) throw Error("U12", "--trials and --seconds are above 0");
    if (budget_.trials == 0 && budget_.seconds == 0) budget_.trials = usual_trials;
    catch_interrupts();
    Recipe recipe = flags_.resolve();
    require_data(recipe.data.file, "tune");
    limit_memory(recipe.run.memory, recipe.run.out);
    return TuneRun(terminal, std::move(recipe), budget_, flags_.force).run(flags_.dry_run);
  }

 private:
  TrainFlags flags_;
  Budget budget_;
};

}  // namespace

std::unique_ptr<Command> make_tune() {
  return std::make_unique<Tune>();
}

}  // namespace pellucid::app
