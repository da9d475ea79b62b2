// train() and Run: from a table and a recipe to a trained model that was judged on rows it never saw; and its folder.
// Not here: settings (recipe.h), training without any of this (trainer.h: fit).
#pragma once

#include <atomic>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "pellucid/events.h"
#include "pellucid/model.h"
#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"
#include "pellucid/run_result.h"
#include "pellucid/train_table.h"
#include "pellucid/trainer.h"

namespace PELLUCID_EXPORT pellucid {

/// How the folder of a run is written. All of it may be left as it is.
struct FolderOptions {
  /// A run that is already in the folder is removed: every file that pellucid writes, and no other. Otherwise U30.
  bool force = false;
  /// The command that starts such a run, without its data: config.toml, checkpoints and messages about resuming quote
  /// it.
  std::string command = "pellucid train";
  /// The page of a run, an HTML text that contains the mark @PELLUCID_RUN@. Empty: no report.html is written.
  std::string_view page{};
  /// SHA-256 of a file as 64 hexadecimal digits, for report.json. Empty: the report has none.
  std::function<std::string(const std::string& file)> sha256{};
};

struct RunOptions {
  /// Writes a folder while it trains: recipe.run.out/recipe.run.name, or the next free number where there is no name. A
  /// recipe that resumes a run always writes into that run's folder. Otherwise nothing is written; see Run::write.
  bool write = false;
  FolderOptions folder{};
  /// Everything up to the first step, and one step; nothing is written.
  bool dry_run = false;
  /// Set from any thread or a signal handler: training ends after the batch, the model keeps its best weights, and the
  /// run is returned with the status "interrupted". Null: nothing interrupts it.
  const std::atomic<bool>* cancel = nullptr;
  /// Reads a config.toml. Only resuming a run of an earlier version needs it, to compare the settings; without it such
  /// settings are not compared.
  std::function<Recipe(const std::string& file)> read_config{};
};

/// A finished run.
struct Run : RunResult {
  Model model;
  Recipe recipe;           ///< every value decided, with its origin
  FitOptions fit_options;  ///< what fit() was given
  Split split;
  /// How good the model is, in two or three sentences, each on a line of its own. Empty for a dry run.
  std::string verdict;
  double expected_seconds = 0;  ///< of the whole training, estimated from a few steps; 0: short, not estimated

  /// Writes what the program writes: config.toml, model.safetensors, report.json, metrics.jsonl, last.checkpoint,
  /// predictions.csv, splits.csv, examples.json, train_rows.keys; and sets `folder`. Throws U30, U32, M01, M03.
  void write(const std::string& folder, const FolderOptions& options = {});

  /// For write() alone: cells that examples show, and the state of the training at its end.
  Table test_cells, train_cells;
  std::string checkpoint;
};

/// The whole way: choose the preset, split, decide what is "auto", build, train, calibrate, judge. Same recipe, same
/// rows and same seed give the same bits at any number of threads. Throws what reading, splitting and fit() throw; N01
/// where training diverged (Events::on_failure has the last good weights); D21, D42, U31 where a run cannot be resumed.
Run train(TrainTable data, Recipe recipe, Events& events, const RunOptions& options = {});
/// The same with the rows of a table; with `recipe.data.file` as their name.
Run train(Table table, Recipe recipe, Events& events, const RunOptions& options = {});
Run train(Table table, Recipe recipe, const RunOptions& options = {});
/// The same with the rows of the files that the recipe names.
Run train(Recipe recipe, const RunOptions& options = {});

/// The evaluation, or "no test rows".
std::ostream& operator<<(std::ostream& out, const std::optional<Evaluation>& evaluation);

}  // namespace pellucid
