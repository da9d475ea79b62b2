// Compares a run with the checkpoint from which it shall continue. Not here: when this happens (train.cc).
#include "run/resume.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "recipe/presets.h"
#include "recipe/setting_differences.h"
#include "run/run_files.h"
#include "run/run_log.h"
#include "run/table_note.h"

namespace pellucid {
namespace {

// Settings that may differ in a resumed run: files, output, and what happens after training. Settings for reading files
// are included, because other values show up as other cells.
constexpr std::array free_settings = {"data",       "val",          "test",    "delimiter",  "header",
                                      "image_size", "image_color",  "epochs",  "patience",   "patience_factor",
                                      "threads",    "memory",       "distill", "repeat",     "calibrate",
                                      "threshold",  "out",          "name",    "resume",     "no_report",
                                      "no_health",  "no_test_rows", "members", "time_limit", "final"};
// Settings that affect only the evaluation after training.
constexpr std::array judging_settings = {"calibrate", "threshold",    "distill", "repeat",
                                         "no_report", "no_test_rows", "final"};
constexpr std::size_t most_lines = 8;  // largest number of differences listed in a message

bool is_same(const std::string& a, const std::string& b) {
  double x = 0, y = 0;
  return a == b || (parse_number(a, x) && parse_number(b, y) && x == y);
}

std::vector<std::string> differing_settings(const Json& then, const Recipe& recipe) {
  const auto shown = [](const std::string& text) { return text.empty() ? "not set" : quote(text, 60); };
  std::vector<std::string> lines;
  for (const SettingDifference& d : setting_differences(then.get<std::map<std::string, std::string>>(), recipe)) {
    if (std::ranges::find(free_settings, d.name) != free_settings.end()) continue;
    lines.push_back(fmt::format("{}: was {}, now {} ({})", d.name, shown(d.then), shown(d.now), d.origin));
  }
  return lines;
}

void shorten(std::vector<std::string>& lines) {
  if (lines.size() <= most_lines) return;
  const std::size_t further = lines.size() - most_lines;
  lines.resize(most_lines);
  lines.push_back(fmt::format("and {} more", further));
}

void require_same_run(const Json& then, const Json& now, const Recipe& recipe, const std::string& again) try {
  std::vector<std::string> lines = differing_settings(then.at("settings"), recipe);
  if (!lines.empty()) {
    shorten(lines);
    lines.push_back("to continue with its own settings: " + again);
    throw Error("U31", "a run can be resumed only with the settings it was started with", lines);
  }
  if (then.contains("data")) lines = table_differences(then.at("data"), now.at("data"));
  if (lines.empty()) return;
  shorten(lines);
  lines.push_back("a changed table needs a new run: leave out `resume`");
  throw Error("D42", "a run can be resumed only with the rows it was started with", lines);
} catch (const Json::exception&) {
  throw Error("D21", "the checkpoint's note of the run is damaged");
}

// The facts about the run that the checkpoint contains. Checkpoints of early versions contain none; then the settings
// are read from config.toml, if possible.
Json note_of(const CheckpointInfo& info, const std::string& folder, const RunOptions& options) {
  if (info.note.empty()) {
    if (!options.read_config) return {{"settings", Json::object()}};
    return {{"settings", note_of_settings(options.read_config(folder + "/config.toml"))}};
  }
  Json note = parse_json(info.note);
  if (!note.is_object()) throw Error("D21", "the checkpoint's note of the run is damaged");
  return note;
}

// Checks the training with check_fit() and returns why no epoch is left to train, or "". Adds to errors of check_fit()
// what to do. `complete`: as in CheckpointInfo.
std::string reason_to_end(const FitOptions& options, const Model& model, const Split& split, const std::string& again,
                          bool complete) {
  try {
    return check_fit(model, split.train, split.validation, options);
  } catch (const Error& error) {
    if (error.code() != "U31") throw;
    std::vector<std::string> details = error.details();
    details.push_back("to continue with its own settings: " + again);
    if (!complete) {
      details.push_back(
          "an earlier version started the run; if no setting differs, this version reads the table differently: "
          "train a new run, without `resume`");
    }
    throw Error(error.code(), error.what(), details);
  }
}

// Whether the folder has a report about this number of epochs that was made with the same evaluation settings as now.
bool is_judged(const std::string& folder, std::int64_t epochs, Recipe settings) {
  std::error_code ignored;
  for (const char* file : {"/report.json", "/model.safetensors"}) {
    if (!std::filesystem::exists(folder + file, ignored)) return false;
  }
  const Json report = read_report(folder);
  if (text_in(report, "status") != "done" || number_in(report, "epochs") != static_cast<double>(epochs)) return false;
  const auto was = report.find("settings");
  for (const FieldState& field : list_fields(settings)) {
    if (std::ranges::find(judging_settings, std::string_view(field.info.name)) == judging_settings.end()) continue;
    if (was == report.end() || !was->is_object() || !was->contains(field.info.name)) return false;
    if (!is_same(text_in((*was)[field.info.name], "value"), field.text())) return false;
  }
  return true;
}

// Whether the folder has a report about as many members as are asked for now.
bool all_members_trained(const std::string& folder, const Recipe& recipe) {
  const std::string report = folder + "/report.json";
  std::error_code ignored;
  if (!std::filesystem::exists(report, ignored)) return false;
  const Json json = read_report(folder);
  if (text_in(json, "status") != "done" || !json.contains("members") || !json["members"].is_object()) return false;
  const TrainingSettings& s = recipe.training;
  return s.time_limit > 0 || number_in(json["members"], "trained") >= static_cast<double>(s.members.value_or(1));
}

// Advice on how to train longer.
std::string way_on(const std::string& why, const FitOptions& options, const Recipe& recipe, const std::string& again) {
  if (trains_members(recipe)) {
    const std::int64_t more = 2 * std::max<std::int64_t>(2, recipe.training.members.value_or(1));
    return fmt::format("for a better model: {} {}", again, setting_hint("members", std::to_string(more)));
  }
  if (why.starts_with("no better"))
    return fmt::format("to train longer: {} {}", again, setting_hint("patience", std::to_string(2 * options.patience)));
  if (why != "all epochs done") return "a longer training needs a new run, without `resume`";
  if (!options.schedule.reads_all_steps())
    return fmt::format("to train longer: {} {}", again, setting_hint("epochs", std::to_string(2 * options.epochs)));
  return fmt::format("a longer training needs a new run: the schedule {} is planned over {}", options.schedule.kind,
                     plural(options.epochs, "epoch"));
}

}  // namespace

Json note_of_settings(Recipe settings) {
  Json note = Json::object();
  for (const FieldState& field : list_fields(settings)) {
    if (std::ranges::find(free_settings, std::string_view(field.info.name)) == free_settings.end())
      note[setting_json_name(field.info.name)] = field.text();
  }
  return note;
}

Json outline_json(const RunResult& result) {
  Json json = {{"data", result.data},
               {"rows", result.rows},
               {"train_rows", result.train_rows},
               {"val_rows", result.validation_rows},
               {"test_rows", result.test_rows},
               {"task", result.is_classification() ? "classification" : "regression"}};
  if (result.has_several_targets()) json["targets"] = result.preprocessor.target_names();
  return json;
}

std::string command_to_train(const FolderOptions& options, const Recipe& recipe) {
  return options.command + (recipe.data.file.empty() ? "" : " " + shell_word(recipe.data.file));
}

std::string command_to_resume(const FolderOptions& options, const Recipe& recipe, const std::string& folder) {
  return command_to_train(options, recipe) + " " + setting_hint("resume", folder);
}

ResumedRun check_resumed(const std::string& folder, const Run& run, const RunOptions& options) {
  const FitOptions& fit_options = run.fit_options;
  const CheckpointInfo info = checkpoint_info(*fit_options.resume);
  const std::string again = command_to_resume(options.folder, run.recipe, folder);
  require_same_run(note_of(info, folder, options), parse_json(fit_options.note), run.recipe, again);
  ResumedRun resumed{.folder = folder,
                     .epoch = static_cast<std::int64_t>(info.history.epochs.size()),
                     .epochs = fit_options.epochs,
                     .cells_checked = info.complete};
  resumed.ended = reason_to_end(fit_options, run.model, run.split, again, info.complete);
  if (trains_members(run.recipe)) {  // the checkpoint is that of the first net
    resumed.nets = count_kept_nets(folder) + (resumed.ended.empty() ? 0 : 1);
    resumed.ended = all_members_trained(folder, run.recipe) ? "all members are trained" : "";
  }
  if (resumed.ended.empty()) return resumed;
  resumed.is_judged = is_judged(folder, resumed.epoch, run.recipe);
  resumed.way_on = way_on(resumed.ended, fit_options, run.recipe, again);
  return resumed;
}

}  // namespace pellucid
