// RunLog: the folder of a run, its lock, and the files that are written during training.
// Not here: the contents of the files (run_json.h, csv_text.h, recipe/config_text.h).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/file.h"
#include "core/new_file.h"
#include "core/settings.h"
#include "pellucid/metric.h"
#include "pellucid/observer.h"
#include "pellucid/trainer.h"

namespace pellucid {

inline constexpr const char* checkpoint_file = "last.checkpoint";

/// Files are written under a temporary name and then renamed, except metrics.jsonl, to which one flushed line per epoch
/// is appended (as to log.txt, which the program writes). The folder is locked as long as the RunLog exists, so that no
/// other process writes into it.
class RunLog {
 public:
  /// Creates the folder `out`/`name`, or `out`/`stem`-NNN with the next free number if `name` is empty. With `force`,
  /// files that pellucid wrote into an existing folder of this name are removed, and others are kept. Throws U30 if the
  /// name is taken and `force` is not set, U32 if another process trains in the folder, U02 for a name that cannot be a
  /// folder name, M01, M03.
  static RunLog create(const std::string& out, const std::string& stem, const std::string& name, bool force);
  /// Opens the folder of an existing run without changing anything in it yet. Throws D10 if it has no checkpoint, U32.
  /// Its checkpoint is find_checkpoint().
  static RunLog reopen(const std::string& folder);

  const std::string& folder() const noexcept { return folder_; }
  std::string path(std::string_view file) const { return folder_ + "/" + std::string(file); }

  /// Appends a line to metrics.jsonl. Lines of the same or later epochs, which an interrupted run may have left, are
  /// removed first.
  void epoch(const EpochRecord& record, ScoreKind kind);
  /// Appends a line about a member to metrics.jsonl.
  void member(const Json& record);
  /// Must be called after each epoch. Checkpoints up to 1 MiB are kept in memory, and written once per second and in
  /// finish(). Larger ones are made once per second, or less often if that would take more than 5 % of the time. The
  /// last one is written at once.
  void checkpoint(const Checkpoint& state);
  void write(std::string_view file, std::string_view text) const;
  void write(std::string_view file, const std::function<void(const TextSink&)>& make) const;
  /// Writes the newest checkpoint if it has not been written yet.
  void finish();
  bool has_checkpoint() const noexcept { return has_checkpoint_; }
  /// Keeps the checkpoint of a member's net in the folder; may be called from several threads, for nets that differ.
  void keep_net(std::int64_t member, std::int64_t net, const std::string& bytes) const;
  std::optional<std::string> kept_net(std::int64_t member, std::int64_t net) const;
  void remove_kept_nets() const noexcept;
  /// Removes the folder if create() made it and no epoch (or member) has ended.
  void abandon() noexcept;

 private:
  RunLog(std::string folder, bool fresh, bool new_out);
  void open_metrics(std::int64_t first_epoch);

  std::string folder_;
  bool fresh_, new_out_;  ///< whether create() made this folder, and its parent folder
  FolderLock lock_;
  LineFile metrics_;
  std::string pending_checkpoint_;
  std::size_t checkpoint_size_ = 0;
  bool has_checkpoint_ = false;
  std::chrono::steady_clock::time_point next_write_{};
};

/// The file from which the run in this folder can be resumed: last.checkpoint, or what earlier versions kept of the
/// first member's first net; "" if there is none.
std::string find_checkpoint(const std::string& folder);
/// Number of members' nets, without the first one, whose checkpoints are in the folder.
std::int64_t count_kept_nets(const std::string& folder);

/// Throws U02 for a name that a run cannot have: "", ".", "..", or one with a slash or a control character. `what` is
/// the beginning of the message.
void require_run_name(const std::string& name, const std::string& what);

/// "digits" for "data/digits.csv.gz", "mnist" for "mnist/", "stdin" for "-".
std::string data_stem(const std::string& data);

}  // namespace pellucid
