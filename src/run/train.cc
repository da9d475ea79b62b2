// Runs all steps of train(): split, decide settings, build, train, calibrate, evaluate, write.
// Not here: the steps themselves (src/recipe, src/train, src/judge and the other files of this folder).
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/file.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/health_findings.h"
#include "pellucid/importance.h"
#include "pellucid/run.h"
#include "pellucid/setting_hint.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "recipe/expected_time.h"
#include "recipe/metric_rules.h"
#include "recipe/presets.h"
#include "recipe/probabilities.h"
#include "recipe/resolve.h"
#include "recipe/soft_targets.h"
#include "run/baselines.h"
#include "run/course_watch.h"
#include "run/description.h"
#include "run/distill.h"
#include "run/final_model.h"
#include "run/folder.h"
#include "run/leaderboard.h"
#include "run/member_run.h"
#include "run/page/examples.h"
#include "run/repeats.h"
#include "run/resume.h"
#include "run/run_files.h"
#include "run/run_json.h"
#include "run/run_log.h"
#include "run/score_text.h"
#include "run/suspects.h"
#include "run/table_note.h"
#include "run/verdict.h"
#include "run/weight_record.h"
#include "trainings/members.h"

namespace pellucid {
namespace {

constexpr double shown_level = 0.9;  // of the intervals whose coverage of the test rows is in every result

std::vector<IntervalCoverage> intervals_of(const Run& run) {
  const std::vector<ConformalScores>& scores = run.model.conformal;
  if (scores.empty() || !scores.front().quantile(shown_level)) return {};
  return interval_coverage(run.model, *run.test, shown_level);
}

class Course {
 public:
  Course(TrainTable data, Recipe recipe, Events& events, const RunOptions& options)
      : data_(std::move(data)), events_(events), options_(options) {
    run_.recipe = std::move(recipe);
  }

  Run go() {
    prepare();
    if (!run_.recipe.run.resume.empty() && !reopen()) return finished();
    if (!options_.dry_run) open();
    announce();
    if (options_.dry_run) {
      take_one_step();
      return finished();
    }
    fit_model();
    judge();
    make_small_net();
    train_on_all_rows();
    if (log_) write_results(*log_, run_, options_.folder);
    if (log_ && run_.status == "done") log_->remove_kept_nets();
    run_.verdict = verdict_of(run_);
    return finished();
  }

 private:
  void prepare();
  Json take_rows_of_table();
  void begin_from_other_model();
  bool reopen();
  void open();
  void announce();
  void take_one_step();
  void fit_model();
  void look_back(const CourseWatch& watch);
  [[noreturn]] void fail(const Error& error, const CourseWatch& watch);
  void write_failure(const Error& error, const CourseWatch& watch);
  void judge();
  void make_small_net();
  void train_on_all_rows();
  bool is_cancelled() const { return options_.cancel != nullptr && options_.cancel->load(); }
  Run finished();

  TrainTable data_;
  Events& events_;
  const RunOptions& options_;
  Run run_;
  std::optional<RunLog> log_;
  std::optional<Model> best_member_;  // where members were trained
};

// Takes everything from the table that is needed later, and makes the split. If no further split is needed, the table's
// memory is freed. Returns the note about the table for checkpoints.
Json Course::take_rows_of_table() {
  Recipe& recipe = run_.recipe;
  SplitPlan plan = make_plan(data_, recipe, static_cast<std::uint64_t>(recipe.training.seed));
  describe_table(run_, data_, plan, recipe);
  run_.test_cells = shown_rows(data_.table, plan.test, plan.preprocessor);
  if (!recipe.run.no_health && run_.is_classification()) run_.train_cells = small_labelled_rows(data_.table, plan);
  Json note = table_note(data_.table, plan);
  if (recipe.training.repeat > 1 || recipe.training.folds > 0 || recipe.run.final) {
    run_.split = split_by(data_.table, std::move(plan));
  } else {
    run_.split = split_by(std::move(data_.table), std::move(plan));
    data_.table = {};
  }
  set_row_weights(run_.split, data_, recipe);
  set_soft_targets(run_.split, data_);
  return note;
}

void Course::prepare() {
  Recipe& recipe = run_.recipe;
  check_final(recipe);
  take_soft_targets(data_, recipe.data);
  recipe = resolve_by_table(std::move(recipe), data_);
  const Json note = take_rows_of_table();
  recipe = resolve_by_split(std::move(recipe), run_.split);
  prepare_members(run_);
  run_.model = make_model(recipe, run_.split.preprocessor);
  build_to_train(run_.model, recipe, run_.split);
  run_.fit_options = make_fit_options(recipe);
  run_.fit_options.cancel = options_.cancel;
  begin_from_other_model();
  check_fit(run_.model, run_.split.train, run_.split.validation, run_.fit_options);
  describe_run(run_, run_.split, run_.model, recipe);
  run_.fit_options.note = json_text({{"command", command_to_train(options_.folder, recipe)},
                                     {"data", note},
                                     {"settings", note_of_settings(recipe)},
                                     {"run", outline_json(run_)}});
}

void Course::begin_from_other_model() {
  const std::string& source = run_.recipe.run.init_from;
  if (source.empty() || !run_.recipe.run.resume.empty()) return;
  const std::vector<std::string> missing = run_.model.copy_parameters(Model::load(model_path(source)));
  if (missing.size() == run_.model.parameters().size()) {
    throw Error("U20", "no parameter of " + source + " has the name and shape of a parameter of this net",
                {"the net needs " + join(missing, " ")});
  }
  if (!missing.empty())
    run_.findings.push_back(
        Finding::note("", "parameters that are not in " + source + " start with new weights: " + join(missing, " ")));
}

// Opens the run to be continued. Nothing in its folder changes until everything is checked. Returns false if nothing is
// left to do.
bool Course::reopen() {
  log_ = RunLog::reopen(run_.recipe.run.resume);
  run_.fit_options.resume = read_file(find_checkpoint(log_->folder()));
  const ResumedRun resumed = check_resumed(log_->folder(), run_, options_);
  events_.on_resume(resumed);
  if (!resumed.is_judged) return true;
  run_.history = checkpoint_info(*run_.fit_options.resume).history;
  run_.folder = log_->folder();
  run_.model_file = log_->path(model_file_name);
  run_.model = Model::load(run_.model_file);
  return false;
}

void Course::open() {
  const Recipe& recipe = run_.recipe;
  if (!log_ && options_.write) {
    log_ = RunLog::create(recipe.run.out, data_stem(data_.name), recipe.run.name, options_.folder.force);
  }
  if (!log_) return;
  run_.folder = log_->folder();
  run_.model_file = log_->path(model_file_name);
  try {
    events_.on_folder(run_.folder);
    write_config(*log_, run_, options_.folder);
  } catch (const Error&) {
    events_.on_abandoned();
    log_->abandon();
    throw;
  }
}

void Course::announce() {
  events_.on_data(run_);
  for (const Finding& finding : run_.findings) events_.on_finding(finding);
  FitOptions options = run_.fit_options;
  if (trains_members(run_.recipe)) options.threads = 1;
  run_.expected_seconds = expected_seconds(run_.model, run_.split, options, rounds_of_members(run_.recipe));
  events_.on_plan(run_);
}

// Dry run: one training step on rows that are evenly spread over the training split.
void Course::take_one_step() {
  const Dataset& train = run_.split.train;
  const std::int64_t count = std::min(run_.fit_options.batch_size, train.rows());
  std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) rows[static_cast<std::size_t>(i)] = i * train.rows() / count;
  FitOptions options = run_.fit_options;
  options.epochs = 1;
  options.resume.reset();
  run_.history = fit(run_.model, train.subset(rows), Dataset(), options);
  run_.status = "dry run";
}

void Course::fit_model() {
  CourseWatch watch(events_, log_ ? &*log_ : nullptr, run_.kind(), run_.fit_options.resume.has_value());
  run_.fit_options.observers = {&watch};
  run_.fit_options.checkpoint = [this](const Checkpoint& state) {
    if (log_) {
      log_->checkpoint(state);
    } else if (state.last) {
      run_.checkpoint = state();
    }
  };
  try {
    if (trains_members(run_.recipe)) {
      best_member_ = train_members_of(run_, events_, log_ ? &*log_ : nullptr, options_);
    } else {
      run_.history = fit(run_.model, run_.split, run_.fit_options);
    }
  } catch (const Error& error) {
    fail(error, watch);
  }
  if (log_) log_->finish();
  if (!best_member_) {
    run_.temperature = settle_probabilities(run_.model, run_.recipe, run_.split);
    if (!run_.split.validation.empty()) fit_intervals(run_.model, run_.split.validation, run_.fit_options.threads);
  }
  if (run_.recipe.run.no_test_rows) make_up_test_rows(run_.model, run_.seed);
  record_kept(run_.weights, run_.model);
  if (log_) write_model(*log_, run_, options_.folder);
  if (log_ && best_member_ && !is_cancelled()) write_config(*log_, run_, options_.folder);
  if (is_cancelled()) run_.status = "interrupted";
  look_back(watch);
}

// Reports findings about the whole training, except those that were reported after the first epoch.
void Course::look_back(const CourseWatch& watch) {
  const History& history = run_.history;
  std::vector<Finding> found;
  if (history.health && !history.health->epochs.empty()) {
    found = find_training_faults(history, run_.kind());
    run_.suspects = suspect_records(*history.health, run_.split);
    if (const auto suspects = suspect_finding(*history.health, run_.split)) found.push_back(*suspects);
  }
  run_.findings.insert(run_.findings.end(), found.begin(), found.end());
  events_.on_trained(run_);
  for (const Finding& finding : found) {
    if (!watch.has_told(finding)) events_.on_finding(finding);
  }
}

// Handles a training that failed: keeps the last good state and says what to try.
void Course::fail(const Error& error, const CourseWatch& watch) {
  const std::int64_t epoch = watch.epochs_done();
  if (log_) log_->finish();
  if (log_ && epoch == 0) {
    events_.on_abandoned();
    log_->abandon();
  }
  if (error.code() != "N01") throw error;
  std::vector<std::string> details = error.details();
  if (epoch > 0 && log_) {
    run_.model.save(run_.model_file);
    details.push_back(fmt::format("kept: {} (epoch {}, loss {})", log_->path(checkpoint_file), epoch,
                                  short_number(watch.epochs().back().train_loss)));
  }
  const double rate = run_.fit_options.optimizer.learning_rate();
  if (rate > 0) {
    const std::string lower = fmt::format("{:.1g}", std::min(rate / 10, 0.01));
    details.push_back("try " + setting_hint("learning_rate", lower) + "    more: pellucid explain N01");
  }
  const Error told(error.code(), error.what(), details);
  if (epoch > 0) write_failure(told, watch);
  events_.on_failure(run_, told);
  throw told;
}

void Course::write_failure(const Error& error, const CourseWatch& watch) {
  run_.status = "diverged";
  run_.failure = error.details();
  run_.failure.insert(run_.failure.begin(), fmt::format("{}: {}", error.code(), error.what()));
  run_.history.epochs = watch.epochs();
  run_.history.stopped = error.what();
  run_.findings.push_back(Finding::warn("H01", join(run_.failure, "; ").substr(run_.failure.front().find(' ') + 1)));
  if (!watch.health().empty()) {
    run_.history.health.emplace().epochs = watch.health();
    for (const Finding& finding : find_early_faults(watch.health().front())) run_.findings.push_back(finding);
  }
  for (const EpochRecord& record : watch.epochs()) {
    run_.history.train_seconds += record.train_seconds;
    run_.history.seconds += record.seconds;
  }
  record_kept(run_.weights, run_.model);
  if (log_) write_results(*log_, run_, options_.folder);
}

void Course::judge() {
  const Split& split = run_.split;
  if (split.test.empty()) return;
  run_.test = evaluate(run_.model, split.test);
  if (is_cancelled()) return;
  run_.intervals = intervals_of(run_);
  if (const std::string metric = metric_name(run_.recipe); !metric.empty()) {
    run_.metric =
        MetricRecord{metric, metric_of(*run_.test, metric), metric_interval(*run_.test, metric, run_.seed), {}};
  }
  for (const TargetEvaluation& target : run_.test->targets) {
    if (target.classes) run_.calibrations.push_back(calibration(target.class_predictions()));
  }
  const FitOptions& options = run_.fit_options;
  run_.importance = permutation_importance(run_.model, split.test, {.seed = run_.seed, .threads = options.threads});
  const Evaluation constant = constant_evaluation(split);
  run_.baselines = constant_baseline(constant);
  add_to_leaderboard(run_, "constant", constant, 0, 0);
  const Recipe& recipe = run_.recipe;
  if (run_.has_hidden_layers()) {
    const auto settle = [&](Model& net, const Split& seen) { (void)settle_probabilities(net, recipe, seen); };
    const auto linear = linear_baseline(split, make_linear_model(recipe, split.preprocessor), options, settle);
    if (linear) {
      run_.baselines->linear = linear->evaluation.score();
      if (run_.metric) run_.metric->linear = metric_of(linear->evaluation, run_.metric->name);
      run_.baselines->linear_p = paired_test(*run_.test, linear->evaluation).p;
      add_to_leaderboard(run_, "linear", linear->evaluation, linear->seconds, linear->microseconds_per_row);
    }
  }
  add_models(run_, best_member_ ? &*best_member_ : nullptr);
  if (recipe.training.repeat > 1 || recipe.training.folds > 0) train_again(events_, data_, recipe, options, run_);
  if (is_cancelled()) run_.status = "interrupted";
}

void Course::make_small_net() {
  if (run_.recipe.model.distill.value().empty() || is_cancelled()) return;
  events_.on_distill(run_);
  if (const auto diverged = distill(run_, options_.cancel)) {
    run_.findings.push_back(Finding::warn("H01", std::string("the small net: ") + diverged->what()));
    events_.on_finding(run_.findings.back());
  }
  if (is_cancelled()) run_.status = "interrupted";
}

void Course::train_on_all_rows() {
  if (!run_.recipe.run.final || is_cancelled()) return;
  events_.on_final(run_);
  if (const auto diverged = train_final(run_, data_, options_.cancel)) {
    run_.findings.push_back(Finding::warn("H01", std::string("the training on all rows: ") + diverged->what()));
    events_.on_finding(run_.findings.back());
  }
  if (is_cancelled()) run_.status = "interrupted";
  if (log_ && run_.final_rows) write_model(*log_, run_, options_.folder);
}

Run Course::finished() {
  FitOptions& options = run_.fit_options;  // its pointers would dangle after this call
  options.observers.clear();
  options.checkpoint = nullptr;
  options.cancel = nullptr;
  options.resume.reset();
  events_.on_result(run_);
  return std::move(run_);
}

}  // namespace

Run train(TrainTable data, Recipe recipe, Events& events, const RunOptions& options) {
  return Course(std::move(data), std::move(recipe), events, options).go();
}

Run train(Table table, Recipe recipe, Events& events, const RunOptions& options) {
  TrainTable data{std::move(table), 0, recipe.data.file};
  return train(std::move(data), std::move(recipe), events, options);
}

Run train(Table table, Recipe recipe, const RunOptions& options) {
  Events silent;
  return train(std::move(table), std::move(recipe), silent, options);
}

Run train(Recipe recipe, const RunOptions& options) {
  Events silent;
  TrainTable data = read_train_table(recipe);
  return train(std::move(data), std::move(recipe), silent, options);
}

}  // namespace pellucid
