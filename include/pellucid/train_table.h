// TrainTable: the rows of a training as they are in the files, before they are split; and what a recipe becomes with
// them.
// Not here: tables in general (table.h), splitting and scaling (preprocess.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pellucid/large_vector.h"
#include "pellucid/recipe.h"
#include "pellucid/table.h"

namespace PELLUCID_EXPORT pellucid {

/// Target probabilities of the rows of a table, as another model or several people give them.
struct SoftTargets {
  std::vector<std::string> classes{};  ///< empty: there are none
  LargeVector<float> probabilities{};  ///< rows × classes; each row has the sum 1
  std::string source{};                ///< where they come from, for messages: "p_*", "teacher.csv, by row order"
  /// the table had no target: the most probable class of each row stands in its target column
  bool labels_made = false;
};

/// One table: first the rows to train on, then `validation_rows` validation rows, then `table.test_rows` test rows. If
/// the last two numbers are 0, the rows are split by the recipe's val_split and test_split.
struct TrainTable {
  Table table;
  std::int64_t validation_rows = 0;
  /// name of the data as given, such as "data/digits.csv"; shown in reports, and used to name the run's folder
  std::string name;
  /// One weight per row of the table, finite and ≥ 0: the factor of the row's loss, in training and in the validation
  /// loss. Empty: all 1. They cannot be combined with balanced class weights (U06). Metrics of the test rows ignore
  /// them.
  std::vector<float> weights{};
  /// What the loss of training and validation rows learns in place of the classes; every class of the target needs a
  /// column in it. Scores and the test rows are judged by the target column. The setting soft_target fills it.
  SoftTargets soft{};
};

/// Reads recipe.data.file, and appends the rows of recipe.data.val and recipe.data.test if these are set. Throws as
/// read_table, and U06 for settings that exclude each other.
TrainTable read_train_table(const Recipe& recipe);

/// The recipe that train() would train these rows with, without training: the preset is chosen, every rule behind
/// "auto" is applied, and Recipe::origins tells the reason of each value. It divides the rows on the way, because some
/// rules count training rows. Training the result gives the same model as training `recipe`. A setting of the data
/// stays "auto" where no value says the same as its rule; its origin then tells what was found. Throws as train()
/// before its first step: U06, U12, U20, U35, and what splitting throws.
Recipe resolve(const Recipe& recipe, const TrainTable& data);

}  // namespace pellucid
