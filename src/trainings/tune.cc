// The course of a search: prepare, the default, rounds of trials, the winner, its gain.
// Not here: what a trial is (tune_space.cc), training trials beside each other (tune_search.cc).
#include "pellucid/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "recipe/data.h"
#include "recipe/metric_rules.h"
#include "recipe/resolve.h"
#include "recipe/soft_targets.h"
#include "trainings/side_by_side.h"
#include "trainings/tune_search.h"

namespace pellucid {
namespace {

constexpr std::int64_t trials_of_a_round = 9;  // where the clock says how many

void refuse_what_trains_otherwise(const Recipe& recipe) {
  const auto refuse = [](bool given, const char* setting) {
    if (given)
      throw Error("U06",
                  "tune trains single nets from new weights; it cannot be combined with " + setting_hint(setting));
  };
  refuse(!recipe.run.resume.empty(), "resume");
  refuse(!recipe.run.init_from.empty(), "init_from");
  refuse(recipe.training.repeat > 1, "repeat");
  refuse(recipe.training.folds > 0, "folds");
  refuse(recipe.training.members.value_or(1) > 1, "members");
  refuse(recipe.training.cross_fit.value_or(0) > 0, "cross_fit");
  refuse(recipe.training.time_limit > 0, "time_limit");
}

// Trials are single nets: how good settings are shows in one as well, and sooner.
void leave_one_net(Recipe& recipe) {
  TrainingSettings& s = recipe.training;
  if (s.members.is_auto()) s.members = 1;
  if (s.cross_fit.is_auto()) s.cross_fit = 0;
}

class Tuning {
 public:
  Tuning(const TrainTable& data, Recipe recipe, TuneEvents& events, const TuneOptions& options)
      : events_(events), options_(options), space_(prepared(data, std::move(recipe))) {
    space_.cancel = options.cancel;
  }

  TuneResult run() {
    plan();
    events_.on_plan(result_);
    if (options_.dry_run) return std::move(result_);
    search();
    if (result_.trainings.empty()) return std::move(result_);
    events_.on_winner(result_);
    if (!is_cancelled() && !split_.test.empty() && result_.winner.trial.number > 0) {
      result_.gain = measure_gain(space_, result_.winner.trial, split_);
    }
    result_.seconds = elapsed();
    return std::move(result_);
  }

 private:
  Recipe prepared(const TrainTable& data, Recipe recipe);
  void plan();
  void search();
  void found(const TrialResult& result);
  bool is_late() const;
  bool is_cancelled() const { return options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed); }
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

  TuneEvents& events_;
  const TuneOptions& options_;
  Split split_;
  TuneSpace space_;
  TuneResult result_;
  std::atomic<double> slowest_{0};  // seconds of a training with all epochs, estimated from the shorter ones too
  Clock::time_point begin_ = Clock::now();
};

Recipe Tuning::prepared(const TrainTable& data, Recipe recipe) {
  refuse_what_trains_otherwise(recipe);
  leave_one_net(recipe);
  recipe = resolve_by_table(std::move(recipe), data);
  split_ = make_split(data, recipe, static_cast<std::uint64_t>(recipe.training.seed));
  if (split_.validation.empty()) {
    throw Error("U06", "tune needs validation rows, and there are none; use " + setting_hint("val_split", "0.15"));
  }
  recipe = resolve_by_split(std::move(recipe), split_);
  const Preprocessor& learned = split_.preprocessor;
  const std::string_view own = name_of(score_kind(learned.is_classification(), learned.targets.size()));
  if (const std::string metric = metric_name(recipe); !metric.empty() && metric != own) {
    throw Error("U06", fmt::format("tune compares trials by {}, and {} asks for another metric", own,
                                   setting_hint("metric", metric)));
  }
  return recipe;
}

void Tuning::plan() {
  const Preprocessor& learned = split_.preprocessor;
  result_.kind = score_kind(learned.is_classification(), learned.targets.size());
  result_.standard_recipe = result_.recipe = space_.base();
  result_.default_trial = space_.standard();
  result_.rounds = halving_rungs(options_.trials > 0 ? options_.trials : trials_of_a_round, space_.epochs());
  result_.train_rows = split_.train.rows();
  result_.validation_rows = split_.validation.rows();
  result_.test_rows = split_.test.rows();
  result_.targets = learned.target_names();
}

// Whether the time that is left is needed for what comes at the end: the winner once more, it and the default with
// other seeds. The winner is not known yet, so the slowest training so far is assumed.
bool Tuning::is_late() const {
  if (options_.seconds <= 0) return false;
  const double all = static_cast<double>(2 * gain_seeds) / static_cast<double>(usable_threads(space_.base()));
  return elapsed() > std::max(options_.seconds / 3, options_.seconds - slowest_ * (all + 2));
}

void Tuning::search() {
  TuneSearch search(space_, split_, [this](const TrialResult& result) { found(result); });
  search.run_standard();
  const auto late = [this] { return is_late(); };
  if (options_.trials > 0) {
    search.run_halving(1, options_.trials, late);
  } else {
    for (std::int64_t first = 1; search.run_halving(first, trials_of_a_round, late); first += trials_of_a_round) {
    }
  }
  result_.trainings = search.results();
  if (result_.trainings.empty()) return;
  result_.standard = result_.trainings.front();
  result_.winner = search.winner();
  result_.recipe = space_.settings(result_.winner.trial, space_.epochs());
}

void Tuning::found(const TrialResult& result) {
  const double whole = result.seconds * static_cast<double>(space_.epochs()) / static_cast<double>(result.epochs);
  slowest_ = std::max(slowest_.load(), whole);
  events_.on_trial(result, space_.settings(result.trial, space_.epochs()),
                   space_.settings(result.trial, result.epochs));
}

}  // namespace

TuneResult tune(const TrainTable& data, Recipe recipe, TuneEvents& events, const TuneOptions& options) {
  if (options.trials < 0 || options.seconds < 0 || (options.trials == 0 && options.seconds == 0)) {
    throw Error("U12", "tune takes a number of trials or of seconds above 0");
  }
  if (waits_for_soft_targets(data, recipe.data)) {
    TrainTable taken = data;
    take_soft_targets(taken, recipe.data);
    return Tuning(taken, std::move(recipe), events, options).run();
  }
  return Tuning(data, std::move(recipe), events, options).run();
}

}  // namespace pellucid
