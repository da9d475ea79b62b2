// train() and Run: from a table and a recipe to a trained model, evaluated on rows it has never seen; and its folder.
// Not here: settings (recipe.h), training without all this (fit in trainer.h).
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

/// How the folder of a run is written. The defaults can usually be left alone.
struct FolderOptions {
  /// true: a run that is already in the folder is removed, that is, all files that pellucid writes and no others.
  /// false: it throws U30.
  bool force = false;
  /// The command line that starts such a run, without its data. It is quoted in config.toml, checkpoints and messages
  /// about resuming.
  std::string command = "pellucid train";
  /// Template of the report page: HTML text that contains the mark @PELLUCID_RUN@. Empty: no report.html is written.
  std::string_view page{};
  /// Function that returns the SHA-256 of a file as 64 hexadecimal digits, for report.json. Empty: the report has none.
  std::function<std::string(const std::string& file)> sha256{};
};

struct RunOptions {
  /// true: a folder is written during training: recipe.run.out/recipe.run.name, or the next free number if there is no
  /// name. A recipe that resumes a run always writes into that run's folder. false: nothing is written; Run::write can
  /// do it later.
  bool write = false;
  FolderOptions folder{};
  /// Does everything up to the first training step and one step; writes nothing.
  bool dry_run = false;
  /// May be set to true from any thread or a signal handler: training ends after the current batch, the model keeps its
  /// best weights, and the run is returned with the status "interrupted". Null: training cannot be interrupted.
  const std::atomic<bool>* cancel = nullptr;
  /// Function that reads a config.toml. Needed only to resume a run of an earlier version, to compare the settings;
  /// without it they are not compared.
  std::function<Recipe(const std::string& file)> read_config{};
};

/// The result of train().
struct Run : RunResult {
  Model model;
  std::optional<Model> small;  ///< the net of `distilled`
  /// With the setting final: the rows that `model` was trained on after everything else of this run was computed with
  /// the model that has not seen the test rows.
  std::optional<Dataset> final_rows;
  Recipe recipe;           ///< all settings with their final values and origins
  FitOptions fit_options;  ///< the options with which fit() was called
  Split split;
  /// How good the model is, in two or three sentences, one per line. Empty for a dry run.
  std::string verdict;
  double expected_seconds = 0;  ///< estimate for the whole training, from a few steps; 0: too short to estimate

  /// Writes the files that the program writes: config.toml, model.safetensors, small.safetensors, report.json,
  /// metrics.jsonl, last.checkpoint, predictions.csv, splits.csv, examples.json, train_rows.keys; sets `folder`. Throws
  /// U30, U32, M01, M03.
  void write(const std::string& folder, const FolderOptions& options = {});

  /// Only for write(): cells shown in the examples, and the state of the training at its end.
  Table test_cells, train_cells;
  std::string checkpoint;
};

/// Does everything: chooses the preset, splits, decides what is "auto", builds, trains, calibrates and evaluates. The
/// same recipe, rows and seed give the same bits with any number of threads. Throws what reading, splitting and fit()
/// throw; N01 if training diverges (Events::on_failure gets the last good weights); D21, D42 or U31 if a run cannot be
/// resumed.
Run train(TrainTable data, Recipe recipe, Events& events, const RunOptions& options = {});
/// The same for a table; its name is `recipe.data.file`.
Run train(Table table, Recipe recipe, Events& events, const RunOptions& options = {});
Run train(Table table, Recipe recipe, const RunOptions& options = {});
/// The same for the files that the recipe names.
Run train(Recipe recipe, const RunOptions& options = {});

/// Prints the evaluation, or "no test rows".
std::ostream& operator<<(std::ostream& out, const std::optional<Evaluation>& evaluation);

}  // namespace pellucid
