// Making a run's folder and writing into it. Not here: the content of the files.
#include "report/run_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "report/run_json.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;
constexpr const char* checkpoint_name = "last.checkpoint";
constexpr const char* metrics_name = "metrics.jsonl";
constexpr const char* other_out = "choose another with --out";
constexpr std::size_t small_checkpoint = 1 << 20;

Error cannot_make(const std::string& folder, const std::error_code& reason) {
  return Error("M01", fmt::format("cannot make the folder {}: {}", folder, reason.message()), {other_out});
}

// Largest NNN of the folders stem-NNN.
std::int64_t last_number(const std::string& out, const std::string& stem) {
  std::int64_t last = 0;
  std::error_code ignored;
  fs::directory_iterator entry(out, ignored);
  for (; !ignored && entry != fs::directory_iterator(); entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    std::int64_t number = 0;
    if (name.size() > stem.size() + 1 && name.starts_with(stem + "-") &&
        parse_integer(std::string_view(name).substr(stem.size() + 1), number) && number < 1000000000) {
      last = std::max(last, number);
    }
  }
  return last;
}

// Makes a folder that was not there; false if it is there.
bool make_new(const std::string& folder) {
  std::error_code error;
  const bool made = fs::create_directory(folder, error);
  if (error && error != std::errc::file_exists) throw cannot_make(folder, error);
  return made;
}

}  // namespace

RunLog RunLog::create(const std::string& out, const std::string& stem, const std::string& name, bool force) {
  const bool new_out = make_folders(out, other_out);
  const std::string parent = out.ends_with('/') ? out : out + "/";
  if (name.empty()) {
    std::int64_t number = last_number(out, stem);
    std::string folder;
    do folder = fmt::format("{}{}-{:03}", parent, stem, ++number);
    while (!make_new(folder));
    return RunLog(folder, true, new_out);
  }
  const std::string folder = parent + name;
  if (make_new(folder)) return RunLog(folder, true, new_out);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) throw cannot_make(folder, std::make_error_code(std::errc::not_a_directory));
  if (!force) throw Error("U30", "the run " + folder + " exists already", {"choose another --name, or --force"});
  for (const char* file :
       {checkpoint_name, metrics_name, "log.txt", "report.json", "report.html", "examples.json", "model.safetensors"}) {
    fs::remove(folder + "/" + file, ignored);
  }
  return RunLog(folder, false, false);
}

RunLog RunLog::reopen(const std::string& folder) {
  std::string clean = folder;
  while (clean.size() > 1 && clean.ends_with('/')) clean.pop_back();
  RunLog log(clean, false, false);
  if (!is_there(log.path(checkpoint_name))) {
    throw Error("D10", "cannot resume " + clean + ": it holds no " + checkpoint_name,
                {"a run leaves one once an epoch is finished"});
  }
  log.has_checkpoint_ = true;
  return log;
}

void RunLog::log(std::string_view line) {
  if (!log_.is_open()) log_.open(path("log.txt"));
  log_.write(line);
}

void RunLog::open_metrics(std::int64_t first_epoch) {
  std::string kept;
  std::ifstream old(path(metrics_name));
  for (std::string line; std::getline(old, line);) {
    const Json json = parse_json(line);
    if (json.is_object() && json.value("epoch", std::int64_t{0}) < first_epoch) kept += line + "\n";
  }
  old.close();
  write(metrics_name, kept);
  metrics_.open(path(metrics_name));
}

void RunLog::epoch(const EpochRecord& record, ScoreKind kind) {
  if (!metrics_.is_open()) open_metrics(record.epoch);
  metrics_.write(json_text(epoch_json(record, kind)));
}

void RunLog::checkpoint(const std::function<std::string()>& make_bytes) {
  const auto now = std::chrono::steady_clock::now();
  const bool due = now - last_write_ >= std::chrono::seconds(1);
  if (!due && checkpoint_size_ > small_checkpoint) return;
  pending_checkpoint_ = make_bytes();
  checkpoint_size_ = pending_checkpoint_.size();
  has_checkpoint_ = true;
  if (!due) return;
  finish();
  last_write_ = now;
}

void RunLog::finish() {
  if (pending_checkpoint_.empty()) return;
  write(checkpoint_name, pending_checkpoint_);
  pending_checkpoint_.clear();
}

void RunLog::write(std::string_view file, std::string_view text) const {
  write_file(path(file), text);
}

void RunLog::write(std::string_view file, const std::function<void(const TextSink&)>& make) const {
  write_file(path(file), make);
}

void RunLog::abandon() noexcept {
  if (!fresh_ || metrics_.is_open()) return;
  log_.close();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  if (new_out_) fs::remove(fs::path(folder_).parent_path(), ignored);  // only if nothing else is in it
}

std::string data_stem(const std::string& data) {
  if (data == "-") return "stdin";
  fs::path path(data);
  if (!path.has_filename()) path = path.parent_path();
  if (path.extension() == ".gz") path = path.stem();
  std::string stem = path.has_extension() && path.stem() != "." ? path.stem().string() : path.filename().string();
  if (stem.empty() || stem == "." || stem == "..") return "run";
  return stem;
}

}  // namespace pellucid
