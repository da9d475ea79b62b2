// Creates a run's folder and writes into it. Not here: the contents of the files.
#include "run/run_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/file.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "run/run_json.h"
#include "run/trained_rows.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;
constexpr const char* metrics_name = "metrics.jsonl";
constexpr const char* other_out = "choose another with `out`";
constexpr std::size_t small_checkpoint = 1 << 20;

Error cannot_make(const std::string& folder, const std::error_code& reason) {
  return Error("M01", fmt::format("cannot make the folder {}: {}", folder, reason.message()), {other_out});
}

// The largest NNN among the folders stem-NNN.
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

// Creates the folder; returns false if it already exists.
bool make_new(const std::string& folder) {
  std::error_code error;
  const bool made = fs::create_directory(folder, error);
  if (error && error != std::errc::file_exists) throw cannot_make(folder, error);
  return made;
}

FolderLock locked(const std::string& folder) {
  auto lock = FolderLock::take(folder);
  if (lock) return std::move(*lock);
  throw Error("U32", "another pellucid is training in " + folder,
              {"wait until it has ended, or choose another `name`"});
}

// The folder for checkpoints of members, and the file of one net in it.
constexpr const char* members_name = "members";

std::string net_file(std::int64_t member, std::int64_t net) {
  return fmt::format("{}/{:03}-{}.checkpoint", members_name, member, net);
}

std::vector<fs::path> nets_in(const std::string& folder) {
  std::vector<fs::path> nets;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder + "/" + members_name, ignored)) {
    const std::string stem = entry.path().stem().string();
    const bool ours = !stem.empty() && stem.find_first_not_of("0123456789-") == std::string::npos;
    if (ours && entry.path().extension() == ".checkpoint") nets.push_back(entry.path());
  }
  return nets;
}

void remove_nets(const std::string& folder) {
  std::error_code ignored;
  for (const fs::path& net : nets_in(folder)) fs::remove(net, ignored);
  fs::remove(folder + "/" + members_name, ignored);  // only if nothing else is in it
}

// Removes all files that training or tuning writes into a folder. Other files belong to the user and stay.
void remove_run(const std::string& folder) {
  std::error_code ignored;
  for (const char* file : {checkpoint_file, metrics_name, "config.toml", "log.txt", "report.json", "report.html",
                           "examples.json", "model.safetensors", "small.safetensors", TrainedRows::file_name,
                           "splits.csv", "predictions.csv", "tune.json", "trials.jsonl"}) {
    fs::remove(folder + "/" + file, ignored);
  }
  remove_nets(folder);
  std::vector<fs::path> trials;
  for (const auto& entry : fs::directory_iterator(folder + "/trials", ignored)) trials.push_back(entry.path());
  for (const fs::path& trial : trials) {
    const std::string stem = trial.stem().string();
    const bool number = !stem.empty() && stem.find_first_not_of("0123456789") == std::string::npos;
    if (number && trial.extension() == ".toml") fs::remove(trial, ignored);
  }
  fs::remove(folder + "/trials", ignored);  // only if nothing else is in it
  if (!fs::is_directory(folder + "/winner", ignored)) return;
  remove_run(folder + "/winner");
  fs::remove(folder + "/winner", ignored);
}

}  // namespace

void require_run_name(const std::string& name, const std::string& what) {
  const auto is_odd = [](char c) { return c == '/' || (static_cast<unsigned char>(c) < 0x20) || c == 0x7f; };
  if (!name.empty() && name != "." && name != ".." && std::ranges::none_of(name, is_odd)) return;
  throw Error("U02", fmt::format("the name of a run is a folder name without a slash; got {} ({})", quote(name), what),
              {"`out` sets the folder for runs"});
}

RunLog::RunLog(std::string folder, bool fresh, bool new_out)
    : folder_(std::move(folder)), fresh_(fresh), new_out_(new_out), lock_(locked(folder_)) {}

RunLog RunLog::create(const std::string& out, const std::string& stem, const std::string& name, bool force) {
  if (!name.empty()) require_run_name(name, "run");
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
  if (!force) throw Error("U30", "the run " + folder + " exists already", {"choose another `name`, or `force = true`"});
  RunLog log(folder, false, false);
  remove_run(folder);
  return log;
}

RunLog RunLog::reopen(const std::string& folder) {
  std::string clean = folder;
  while (clean.size() > 1 && clean.ends_with('/')) clean.pop_back();
  RunLog log(clean, false, false);
  if (find_checkpoint(clean).empty()) {
    const std::string report = log.path("report.json");
    const Json json = is_there(report) ? parse_json(read_file(report)) : Json();
    const bool ended = json.is_object() && json.contains("members");
    throw Error("D10", "cannot resume " + clean + ": it contains no " + checkpoint_file,
                {ended ? "the run is complete: a training with members keeps its checkpoints until then"
                       : "a run writes it when its first epoch is finished"});
  }
  log.has_checkpoint_ = true;
  return log;
}

void RunLog::open_metrics(std::int64_t first_epoch) {
  std::string kept;
  std::ifstream old(path(metrics_name));
  for (std::string line; std::getline(old, line);) {
    const Json json = parse_json(line);
    if (json.is_object() && json.contains("epoch") && json["epoch"] < first_epoch) kept += line + "\n";
  }
  old.close();
  write(metrics_name, kept);
  metrics_.open(path(metrics_name));
}

void RunLog::epoch(const EpochRecord& record, ScoreKind kind) {
  if (!metrics_.is_open()) open_metrics(record.epoch);
  metrics_.write(json_text(epoch_json(record, kind)));
}

void RunLog::member(const Json& record) {
  if (!metrics_.is_open()) open_metrics(std::numeric_limits<std::int64_t>::max());
  metrics_.write(json_text(record));
}

void RunLog::checkpoint(const Checkpoint& state) {
  const auto now = std::chrono::steady_clock::now();
  const bool due = state.last || now >= next_write_;
  if (!due && checkpoint_size_ > small_checkpoint) return;
  pending_checkpoint_ = state();
  checkpoint_size_ = pending_checkpoint_.size();
  has_checkpoint_ = true;
  if (!due) return;
  finish();
  const auto end = std::chrono::steady_clock::now();
  next_write_ = end + std::max<std::chrono::steady_clock::duration>(std::chrono::seconds(1), 20 * (end - now));
}

void RunLog::finish() {
  if (pending_checkpoint_.empty()) return;
  write(checkpoint_file, pending_checkpoint_);
  pending_checkpoint_.clear();
}

void RunLog::keep_net(std::int64_t member, std::int64_t net, const std::string& bytes) const {
  make_folders(path(members_name));
  write(net_file(member, net), bytes);
}

std::optional<std::string> RunLog::kept_net(std::int64_t member, std::int64_t net) const {
  const std::string file = path(net_file(member, net));
  if (!is_there(file)) return std::nullopt;
  return read_file(file);
}

void RunLog::remove_kept_nets() const noexcept {
  remove_nets(folder_);
}

std::int64_t count_kept_nets(const std::string& folder) {
  return std::ssize(nets_in(folder));
}

std::string find_checkpoint(const std::string& folder) {
  for (const std::string& file : {std::string(checkpoint_file), net_file(1, 1)}) {
    if (is_there(folder + "/" + file)) return folder + "/" + file;
  }
  return "";
}

void RunLog::write(std::string_view file, std::string_view text) const {
  write_file(path(file), text);
}

void RunLog::write(std::string_view file, const std::function<void(const TextSink&)>& make) const {
  write_file(path(file), make);
}

void RunLog::abandon() noexcept {
  if (!fresh_ || metrics_.is_open()) return;
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
