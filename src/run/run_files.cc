// Reads report.json and other files of a run, with error messages. Not here: the meaning of the fields (run_json.h).
#include "run/run_files.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "core/file.h"
#include "core/new_file.h"
#include "core/shell.h"
#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "run/run_json.h"
#include "run/run_log.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;

// The note in a checkpoint if this program wrote it; otherwise an empty object.
Json parse_note(const std::string& text) {
  Json note = parse_json(text);
  const auto is_text = [&](const char* name) { return !note.contains(name) || note[name].is_string(); };
  const bool ours = note.is_object() && is_text("command") && (!note.contains("run") || note["run"].is_object());
  return ours ? note : Json::object();
}

}  // namespace

Json read_object(const std::string& file) {
  Json json = parse_json(read_file(file));
  if (!json.is_object()) throw Error("D16", file + " is damaged: it is not a JSON object");
  return json;
}

std::optional<Json> read_unfinished(const std::string& run) {
  std::error_code ignored;
  if (fs::exists(run + "/report.json", ignored)) return std::nullopt;
  const std::string file = find_checkpoint(run);
  if (file.empty()) return std::nullopt;
  const CheckpointInfo info = checkpoint_info(read_file(file));
  const Json note = parse_note(info.note);
  Json report = note.value("run", Json::object());
  report["run"] = run;
  report["status"] = FolderLock::take(run) ? "interrupted" : "training";
  report["stopped"] = report["status"];
  report["again"] = note.value("command", "pellucid train") + " --resume " + shell_word(run);
  report["epochs"] = info.history.epochs.size();
  report["best_epoch"] = info.history.best_epoch;
  report["history"] = Json::array();
  const auto targets = report.find("targets");
  const ScoreKind kind = score_kind(text_in(report, "task") == "classification",
                                    targets == report.end() || !targets->is_array() ? 1 : targets->size());
  for (const EpochRecord& epoch : info.history.epochs) report["history"].push_back(epoch_json(epoch, kind));
  return report;
}

Json read_report(const std::string& run) {
  const std::string file = run + "/report.json";
  std::error_code ignored;
  if (const auto unfinished = read_unfinished(run)) {
    const std::string so_far = fmt::format("the run {} has no result yet: ", run);
    const std::string epoch = (*unfinished)["epochs"].dump();
    if (text_in(*unfinished, "status") == "training")
      throw Error("D10", so_far + "it is being trained and has finished epoch " + epoch);
    throw Error("D10", so_far + "it was interrupted after epoch " + epoch,
                {"to continue: " + text_in(*unfinished, "again")});
  }
  if (fs::is_directory(run, ignored) && !is_there(file)) {
    throw Error("D10", "no run in " + run + ": it contains no report.json",
                {"pellucid train writes it at the end of the training"});
  }
  Json json = read_object(file);
  const auto version = json.find("v");
  const bool whole = version != json.end() && version->is_number_integer();
  if (version != json.end() && (!whole || version->get<std::int64_t>() > report_version)) {
    throw Error(
        "D40",
        fmt::format("{} has version {}, this program reads versions up to {}", file, version->dump(), report_version),
        {"use the pellucid that wrote it"});
  }
  if (text_in(json, "run").empty()) {
    throw Error("D40", file + " is not a report of pellucid: it names no run");
  }
  return json;
}

std::string model_path(const std::string& path) {
  std::error_code ignored;
  const fs::path inside = fs::path(path) / "model.safetensors";
  if (!fs::is_directory(path, ignored)) return path;
  if (fs::exists(inside, ignored)) return inside.string();
  if (read_unfinished(path)) read_report(path);  // throws an error that says how to continue the run
  return path;
}

double number_in(const Json& object, const char* name) {
  const auto entry = object.find(name);
  return entry != object.end() && entry->is_number() ? entry->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::string text_in(const Json& object, const char* name) {
  const auto entry = object.find(name);
  return entry != object.end() && entry->is_string() ? entry->get<std::string>() : std::string();
}

}  // namespace pellucid
