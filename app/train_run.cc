// The course of a training: split, build, announce, fit, judge, write, tell.
// Not here: what each of these steps does in detail.
#include "app/train_run.h"

#include <fmt/format.h>

#include <optional>
#include <sstream>

#include "app/cli/interrupt.h"
#include "app/cli/memory_limit.h"
#include "app/cli/model_path.h"
#include "app/cli/progress.h"
#include "app/fetch/sha256.h"
#include "app/repeats.h"
#include "app/report_page.h"
#include "app/resume.h"
#include "app/run_description.h"
#include "app/text/health_lines.h"
#include "app/text/preamble.h"
#include "app/text/result_block.h"
#include "core/file.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/health_findings.h"
#include "recipe/build.h"
#include "recipe/config_text.h"
#include "recipe/expected_time.h"
#include "recipe/presets.h"
#include "recipe/probabilities.h"
#include "recipe/resolve.h"
#include "run/baselines.h"
#include "run/csv_text.h"
#include "run/page/examples.h"
#include "run/run_json.h"
#include "run/run_log.h"
#include "run/suspects.h"
#include "run/table_note.h"
#include "run/trained_rows.h"

namespace pellucid::app {
namespace {

constexpr const char* model_file = "model.safetensors";
constexpr const char* page_file = "report.html";

class TrainRun {
 public:
  TrainRun(Terminal& terminal, TrainTable data, TrainRequest& request)
      : terminal_(terminal),
        reporter_(terminal),
        data_(std::move(data)),
        request_(request),
        settings_(request.recipe) {}

  int run() {
    prepare();
    if (!settings_.run.resume.empty() && !reopen()) return 0;
    if (request_.dry_run) return dry_run();
    open_log();
    announce();
    train();
    judge();
    write();
    tell();
    return interrupt_status();
  }

 private:
  void prepare();
  void take_shown_rows(const SplitPlan& plan);
  int dry_run();
  bool reopen();
  void open_log();
  void announce();
  void train();
  void look_back(const Progress& progress);
  void judge();
  void write();
  void write_page(const Json& report);
  void tell();
  History fit_observed(Progress& progress);
  void write_failure(const Error& error, const Progress& progress);
  [[noreturn]] void fail(const Error& error, const Progress& progress);

  Terminal& terminal_;
  Reporter reporter_;
  TrainTable data_;
  Table test_rows_, train_rows_;  // as they stand in the table, as far as they are shown; of many training rows none
  TrainRequest& request_;
  Recipe& settings_;
  Split split_;
  Model model_;
  FitOptions options_;
  RunResult result_;
  Json note_;  // of the table, for checkpoints
  std::optional<RunLog> log_;
};

void TrainRun::prepare() {
  choose_preset(request_.recipe, data_.table);
  SplitPlan plan = make_plan(data_, settings_, static_cast<std::uint64_t>(settings_.training.seed));
  result_ = describe_table(data_, plan, settings_);
  take_shown_rows(plan);
  note_ = table_note(data_.table, plan);
  // A large table would lie in memory beside the numbers made of it; with further splits to come it has to.
  const bool stays = settings_.training.repeat > 1 || settings_.training.folds > 0;
  split_ = stays ? split_by(data_.table, std::move(plan)) : split_by(std::move(data_.table), std::move(plan));
  if (!stays) data_.table = {};
  check_probabilities(settings_, split_);
  resolve_autos(request_.recipe, split_);
  model_ = make_model(settings_, split_.preprocessor);
  build_to_train(model_, settings_, split_);
  if (settings_.model.loss.is_auto()) {
    settings_.model.loss = default_loss(model_, split_.train);
    request_.recipe.origins["loss"] = "auto: last layer and target";
  }
  options_ = make_fit_options(settings_);
  options_.cancel = &interrupted();
  if (!settings_.run.init_from.empty() && settings_.run.resume.empty()) {
    const auto missing =
        copy_parameters(model_, Model::load(model_path(settings_.run.init_from)), settings_.run.init_from);
    if (!missing.empty()) reporter_.say({"note", "not in " + settings_.run.init_from + ": " + join(missing, " ")});
  }
  check_fit(model_, split_.train, split_.validation, options_);
  describe_run(result_, split_, model_, request_.recipe);
  options_.note = json_text({{"command", request_.command()},
                             {"data", note_},
                             {"settings", note_of_settings(settings_)},
                             {"run", outline_json(result_)}});
}

// The run to go on with; nothing of it is changed before all is checked. False where nothing is left to do.
bool TrainRun::reopen() {
  log_ = RunLog::reopen(settings_.run.resume);
  options_.resume = read_file(log_->path(checkpoint_file));
  const ResumedRun run = check_resumed(log_->folder(), options_, model_, split_, request_);
  for (const Line& line : run.lines) reporter_.say(line);
  if (!run.is_over) return true;
  if (terminal_.flags().json) terminal_.result(json_text(event_json("end", run.end)) + "\n");
  if (!terminal_.flags().json) terminal_.result(log_->folder() + "\n");
  return false;
}

// All that pages and files show of the table itself.
void TrainRun::take_shown_rows(const SplitPlan& plan) {
  test_rows_ = shown_rows(data_.table, plan.test, plan.preprocessor);
  if (!settings_.run.no_health && result_.is_classification()) train_rows_ = small_train_rows(data_.table, plan.train);
}

void TrainRun::open_log() {
  if (!log_) log_ = RunLog::create(settings_.run.out, data_stem(data_.name), settings_.run.name, request_.force);
  result_.run = log_->folder();
  result_.model = log_->path(model_file);
  try {
    reporter_.attach(&*log_);
    log_->write("config.toml",
                config_text(request_.recipe, request_.verb + " --config " + shell_word(log_->path("config.toml"))));
  } catch (const Error&) {
    log_->abandon();
    throw;
  }
}

void TrainRun::announce() {
  if (terminal_.flags().json) terminal_.result(json_text(event_json("start", start_json(result_))) + "\n");
  reporter_.say(data_lines(data_, split_, result_, terminal_.width()));
  if (const std::string memory = memory_text(); !memory.empty())
    reporter_.say({"memory", wrapped(memory, terminal_.width(), 10)});
  reporter_.say("", "");
  std::istringstream table(model_.summary());
  for (std::string line; std::getline(table, line);) {
    if (!line.empty()) reporter_.say(line, line);
  }
  reporter_.say("", "");
  for (const std::string& line : training_lines(request_.recipe, options_, result_.train_rows, terminal_.width())) {
    reporter_.say(line, line);
  }
  if (const double seconds = expected_seconds(model_, split_, options_); seconds > 0) {
    reporter_.say({"time", "about " + duration_text(seconds) + " (a few steps were timed)"});
  }
  reporter_.say("", "");
}

History TrainRun::fit_observed(Progress& progress) {
  options_.observers = {&progress};
  if (log_) options_.checkpoint = [this](const Checkpoint& state) { log_->checkpoint(state); };
  return fit(model_, split_, options_);
}

void TrainRun::train() {
  Progress progress(reporter_, &*log_, result_.kind());
  try {
    result_.history = fit_observed(progress);
  } catch (const Error& error) {
    progress.end();
    fail(error, progress);
  }
  progress.end();
  log_->finish();
  result_.temperature = settle_probabilities(model_, settings_, split_);
  if (settings_.run.no_test_rows) make_up_test_rows(model_, result_.seed);
  model_.save(result_.model);
  result_.model_hash = sha256_of_file(result_.model);
  if (interrupt_status() != 0) result_.status = "interrupted";
  const std::int64_t best = result_.history.best_epoch;
  reporter_.say({"stopped", result_.history.stopped + (best > 0 ? fmt::format("; kept epoch {}", best) : "")});
  if (result_.history.epochs.size() > 1) reporter_.say(loss_sparkline(result_.history.epochs, terminal_.width()));
  if (result_.temperature) {
    reporter_.say({"calibrate", fmt::format("logits divided by {:.3g}, by the {}", *result_.temperature,
                                            plural(split_.validation.rows(), "validation row"))});
  }
  look_back(progress);
  reporter_.say("", "");
}

// What the course of training tells, as far as it was not said on the way.
void TrainRun::look_back(const Progress& progress) {
  const History& history = result_.history;
  if (!history.health || history.health->epochs.empty()) return;
  std::vector<Finding> found = find_training_faults(history, result_.kind());
  result_.suspects = suspect_records(*history.health, split_.train);
  if (const auto suspects = suspect_finding(*history.health, split_.train)) found.push_back(*suspects);
  reporter_.say(health_line(*history.health, !found.empty(), terminal_.width()));
  for (const Finding& finding : found) {
    if (!progress.has_told(finding)) reporter_.say(finding_line(finding, terminal_.width()));
  }
  result_.findings.insert(result_.findings.end(), found.begin(), found.end());
}

// Training failed: keep what is good, say what to try.
void TrainRun::fail(const Error& error, const Progress& progress) {
  log_->finish();
  if (progress.epochs_done() == 0) {
    reporter_.attach(nullptr);
    log_->abandon();
  }
  if (error.code() != "N01") throw error;
  std::vector<std::string> details = error.details();
  if (progress.epochs_done() > 0) {
    model_.save(result_.model);
    details.push_back(fmt::format("kept: {} (epoch {}, loss {})", log_->path("last.checkpoint"), progress.epochs_done(),
                                  short_number(progress.last().train_loss)));
  }
  const double lr = options_.optimizer.learning_rate();
  if (lr > 0) details.push_back(fmt::format("try --lr {:.1g}    more: pellucid explain N01", std::min(lr / 10, 0.01)));
  const Error told(error.code(), error.what(), details);
  if (progress.epochs_done() > 0) write_failure(told, progress);
  throw told;
}

void TrainRun::write_failure(const Error& error, const Progress& progress) {
  result_.status = "diverged";
  result_.failure = error.details();
  result_.failure.insert(result_.failure.begin(), fmt::format("{}: {}", error.code(), error.what()));
  result_.history.epochs = progress.epochs();
  result_.history.stopped = error.what();
  result_.findings.push_back({true, "H01", join(result_.failure, "; ").substr(result_.failure.front().find(' ') + 1)});
  if (!progress.health().empty()) {
    result_.history.health.emplace().epochs = progress.health();
    for (const Finding& finding : find_early_faults(progress.health().front())) result_.findings.push_back(finding);
  }
  for (const EpochRecord& record : progress.epochs()) {
    result_.history.train_seconds += record.train_seconds;
    result_.history.seconds += record.seconds;
  }
  write();
}

void TrainRun::judge() {
  if (split_.test.empty()) return;
  result_.test = evaluate(model_, split_.test);
  if (interrupt_status() != 0) return;
  for (const TargetEvaluation& target : result_.test->targets) {
    if (target.classes) result_.calibrations.push_back(calibration(target.class_predictions()));
  }
  result_.importance = permutation_importance(model_, split_.test, {.seed = result_.seed, .threads = options_.threads});
  result_.baselines = constant_baseline(split_);
  if (result_.has_hidden_layers()) {
    result_.baselines->linear =
        linear_baseline(split_, make_linear_model(settings_, split_.preprocessor), options_,
                        [this](Model& net, const Split& seen) { (void)settle_probabilities(net, settings_, seen); });
  }
  if (settings_.training.repeat > 1 || settings_.training.folds > 0)
    train_again(reporter_, data_, settings_, options_, result_);
  if (interrupt_status() != 0) result_.status = "interrupted";
}

void TrainRun::write() {
  log_->write("splits.csv", [&](const TextSink& out) { splits_csv(split_, out); });
  log_->write(TrainedRows::file_name, TrainedRows::bytes_of(split_.train));
  if (result_.test) {
    log_->write("predictions.csv", [&](const TextSink& out) { predictions_csv(*result_.test, split_.test, out); });
  }
  record_kept(result_.weights, model_);
  const Json report = report_json(result_);
  if (!settings_.run.no_report) write_page(report);
  log_->write("report.json", json_text(report, 1) + "\n");  // last: with it the run is whole
}

void TrainRun::write_page(const Json& report) {
  if (result_.test) {
    Json examples = examples_json(*result_.test, split_.test, test_rows_, model_);
    if (!result_.suspects.empty()) {
      examples["suspects"] =
          suspect_examples(result_.suspects, train_rows_, test_rows_, split_.train, *model_.preprocessor);
    }
    log_->write("examples.json", json_text(examples) + "\n");
  }
  result_.page = log_->path(page_file);
  write_report_page(report, log_->folder(), result_.page);
}

void TrainRun::tell() {
  if (request_.silent) return;
  const OutputFlags& flags = terminal_.flags();
  if (flags.json) terminal_.result(json_text(event_json("end", end_json(result_))) + "\n");
  if (interrupt_status() != 0) {
    reporter_.warn(fmt::format("interrupted after epoch {}; kept {}",
                               result_.history.epochs.empty() ? 0 : result_.history.epochs.back().epoch,
                               result_.model));
    if (log_->has_checkpoint())
      reporter_.warn(fmt::format("go on with: {} --resume {}", request_.command(), shell_word(result_.run)));
  }
  if (flags.json) return;
  if (flags.quiet < 2) reporter_.result(result_lines(result_, terminal_.width()));
  reporter_.path(result_.run);
}

int TrainRun::dry_run() {
  announce();
  std::vector<std::int64_t> rows(static_cast<std::size_t>(std::min(options_.batch_size, split_.train.rows())));
  const auto count = static_cast<std::int64_t>(rows.size());
  for (std::int64_t i = 0; i < count; ++i) rows[static_cast<std::size_t>(i)] = i * split_.train.rows() / count;
  FitOptions options = options_;
  options.epochs = 1;
  options.resume.reset();
  const History history = fit(model_, split_.train.subset(rows), Dataset(), options);
  reporter_.result({{"dry run", fmt::format("one step of {}: loss {}; nothing was written", plural(count, "row"),
                                            short_number(history.epochs.front().train_loss))}});
  return 0;
}

}  // namespace

std::string TrainRequest::command() const {
  const std::string& data = recipe.data.file;
  return verb + (data.empty() ? "" : " " + shell_word(data));
}

int run_training(Terminal& terminal, TrainTable data, TrainRequest request) {
  catch_interrupts();
  return TrainRun(terminal, std::move(data), request).run();
}

}  // namespace pellucid::app
